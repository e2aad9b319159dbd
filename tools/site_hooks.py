"""What the site of the documentation changes in the pages: links to what is no page (sources, examples, the README, data) become plain text."""
import posixpath
import re

LINK = re.compile(r"!?\[([^\]]*)\]\(([^)#\s]+)(#[^)]*)?\)")
PAGES = (".md", ".svg", ".png")


def on_page_markdown(markdown, page, **_):
    folder = posixpath.dirname(page.file.src_uri)

    def kept(link):
        target = posixpath.normpath(posixpath.join(folder, link.group(2)))
        inside = "://" in link.group(2) or (not target.startswith("..") and target.endswith(PAGES))
        return link.group(0) if inside else link.group(1)

    return LINK.sub(kept, markdown)
