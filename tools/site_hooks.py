"""What the site of the documentation changes in the pages: links to what is no page (sources, examples, the README, data) become plain text."""
import re

OUTSIDE = re.compile(r"(!?)\[([^\]]*)\]\((?:\.\./[^)]*|accuracy|[^)]*\.jsonl?)\)")


def on_page_markdown(markdown, **_):
    return OUTSIDE.sub(lambda link: link.group(2), markdown)
