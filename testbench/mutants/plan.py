"""Which mutants there are: a sample of the places of every template, and the templates with all of them inside."""
import collections
import hashlib
import random
import re

import verilog

Mutant = collections.namedtuple("Mutant", "number template key line kind place")
KINDS = ["operator", "operand", "condition", "constant", "dropped", "stuck", "order", "index", "inverted"]
SKIPPED = {"ern_assert"}    # it is part of the benches


def code(text):
    """Without comments, which no mutant depends on."""
    return re.sub(r"\s*//[^\n]*", "", text)


def sample(places, count, random_):
    """`count` places, in turn of each kind."""
    by_kind = {kind: [place for place in places if place.kind == kind] for kind in KINDS}
    for members in by_kind.values():
        random_.shuffle(members)
    chosen = []
    while len(chosen) < count and any(by_kind.values()):
        for kind in KINDS:
            if by_kind[kind] and len(chosen) < count:
                chosen.append(by_kind[kind].pop())
    return sorted(chosen, key=lambda place: (place.start, -place.end, place.what, place.mutated or ""))


def shown(what):
    return re.sub(r"\s+", " ", what)


def make(templates, seed, count, more):
    """{template: (text, mutants)}; more: {template: count} where other than `count`."""
    texts = {path.stem: path.read_text() for path in sorted(templates.glob("ern_*.v"))}
    ports = {name: verilog.input_ports(text) for name, text in texts.items()}
    plan, number = {}, 0
    for name, text in texts.items():
        mutants, seen = [], collections.Counter()
        places = [] if name in SKIPPED else verilog.places(text, ports)
        for place in sample(places, more.get(name, count), random.Random(f"{seed} {name}")):
            number += 1
            source = code(text.split("\n")[place.line - 1]).strip()
            identity = f"{name}|{source}|{place.kind}|{shown(place.what)}|{shown(place.mutated or '')}"
            seen[identity] += 1
            key = hashlib.sha256(f"{identity}|{seen[identity]}".encode()).hexdigest()[:12]
            mutants.append(Mutant(number, name, key, place.line, place.kind, place))
        plan[name] = (text, mutants)
    return plan


def single(text, mutant):
    """The template with this mutant."""
    place = mutant.place
    return text[:place.start] + ("begin end" if place.mutated is None else f"({place.mutated})") + text[place.end:]


def instrument(text, mutants):
    """The template with all mutants, of which `ERN_MUTANT chooses one."""
    def render(start, end, inside):
        result, at = "", start
        while inside:
            outer = inside[0]
            rest = [m for m in inside[1:] if m.place.start < outer.place.end]
            inside = [m for m in inside[1:] if m.place.start >= outer.place.end]
            body = render(outer.place.start, outer.place.end, rest)
            if outer.place.mutated is None:
                body = f"begin if (`ERN_MUTANT != {outer.number}) begin {body} end end"
            else:
                body = f"(`ERN_MUTANT == {outer.number} ? ({outer.place.mutated}) : ({body}))"
            result += text[at:outer.place.start] + body
            at = outer.place.end
        return result + text[at:end]

    return render(0, len(text), sorted(mutants, key=lambda m: (m.place.start, -m.place.end)))
