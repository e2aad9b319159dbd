"""The places of a template where a mutant can be put: a parser of the Verilog that templates are written in.

places(text, ports) gives a list of Place(kind, line, start, end, mutated, what). text[start:end] is an expression that is evaluated while the
design runs, or a whole statement; `mutated` is what stands in its place when the mutant is chosen. Constants that the elaboration needs
(parameters, ranges, counts of replications, conditions of generate) are left alone, since a mutant is chosen when the simulation starts.
"""
import collections
import re

Place = collections.namedtuple("Place", "kind line start end mutated what")
Token = collections.namedtuple("Token", "kind text start end")
Node = collections.namedtuple("Node", "kind start end parts")   # start, end: tokens

LEXEME = re.compile(r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/|\(\*\s*\w.*?\*\))
  |(?P<directive>`[a-z]+)|(?P<string>"[^"]*")
  |(?P<number>(?:\d[\d_]*)?\s*'[sS]?[bodhBODH]\s*[0-9a-fA-FxXzZ_]+|\d[\d_]*)
  |(?P<name>\$?[A-Za-z_][A-Za-z_0-9$]*)
  |(?P<operator>>>>|<<<|===|!==|<=|>=|==|!=|&&|\|\||<<|>>|~&|~\||~\^|\+:|-:|\*\*|[-+*/%&|^~!<>=?:;,.(){}\[\]@#])""", re.X | re.S)
LEVELS = [["||"], ["&&"], ["|", "~|"], ["^", "~^"], ["&", "~&"], ["==", "!=", "===", "!=="], ["<", "<=", ">", ">="], ["<<", ">>", "<<<", ">>>"],
          ["+", "-"], ["*", "/", "%"], ["**"]]
OTHER = {"+": ["-"], "-": ["+"], "*": ["+"], "&": ["|"], "|": ["&"], "^": ["|"], "&&": ["||"], "||": ["&&"], "==": ["!="], "!=": ["=="],
         "<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "<<": [">>"], ">>": ["<<"]}
DROPS = {"&", "|", "&&", "||", "+", "-", "^"}


def tokens_of(text):
    """Tokens without comments, directives and what only simulation sees."""
    tokens, at = [], 0
    while at < len(text):
        found = LEXEME.match(text, at)
        if not found:
            raise ValueError(f"what is {text[at:at + 20]!r}?")
        kind, at = found.lastgroup, found.end()
        if kind == "directive":
            # Of `ifdef the branch of a name that is not defined; nothing of what differs between simulation and synthesis.
            if found.group() in ("`ifdef", "`elsif"):
                ends = "endif" if text[at:].split(None, 1)[0] == "ERN_SIMULATION" else "endif|else|elsif"
                at = re.compile(rf"`({ends})\b").search(text, at).start()
            else:
                at = text.index("\n", at)
        elif kind != "space":
            tokens.append(Token(kind, found.group(), found.start(), found.end()))
    return tokens


class Parser:
    def __init__(self, text, ports):
        self.text, self.ports = text, ports
        self.tokens = tokens_of(text)
        self.at = 0
        self.places = []
        self.constants = set()     # names of parameters, genvars, loop variables
        self.elaborated = set()    # names in constant contexts
        self.functions = []        # (name, places) of bodies

    # --- tokens
    def peek(self, ahead=0):
        return self.tokens[self.at + ahead].text if self.at + ahead < len(self.tokens) else ""

    def take(self, text=None):
        token = self.tokens[self.at]
        if text is not None and token.text != text:
            line = self.text.count("\n", 0, token.start) + 1
            raise ValueError(f"line {line}: {token.text!r} where {text!r} was expected")
        self.at += 1
        return token

    def accept(self, text):
        if self.peek() == text:
            self.at += 1
            return True
        return False

    def skip_until(self, *ends):
        """Skips to one of `ends` outside brackets; the names passed are of the elaboration."""
        depth = 0
        while depth or self.peek() not in ends:
            token = self.take()
            if token.text in "([{":
                depth += 1
            elif token.text in ")]}":
                depth -= 1
            elif token.kind == "name":
                self.elaborated.add(token.text)

    def skip_brackets(self):
        self.take()
        self.skip_until(")", "]", "}")
        self.take()

    def source(self, node):
        return self.text[self.tokens[node.start].start:self.tokens[node.end - 1].end]

    # --- places
    def place(self, kind, node, mutated, what):
        start, end = self.tokens[node.start].start, self.tokens[node.end - 1].end
        self.places.append(Place(kind, self.text.count("\n", 0, start) + 1, start, end, mutated, what))

    def is_constant(self, node):
        return all(token.kind != "name" or token.text in self.constants for token in self.tokens[node.start:node.end])

    # --- expressions
    def expression(self):
        start = self.at
        condition = self.binary(0)
        if not self.accept("?"):
            return condition
        first = self.expression()
        self.take(":")
        second = self.expression()
        return Node("?", start, self.at, [condition, first, second])

    def binary(self, level):
        if level == len(LEVELS):
            return self.unary()
        start = self.at
        left = self.binary(level + 1)
        while self.peek() in LEVELS[level]:
            operator = self.take().text
            right = self.binary(level + 1)
            left = Node(operator, start, self.at, [left, right])
        return left

    def unary(self):
        start = self.at
        if self.peek() in ("~", "!", "-", "+", "&", "|", "^", "~&", "~|", "~^"):
            operator = self.take().text
            inner = self.unary()
            return Node("unary " + operator, start, self.at, [inner])
        return self.primary()

    def primary(self):
        start, token = self.at, self.take()
        if token.text == "(":
            inner = self.expression()
            self.take(")")
            return Node("()", start, self.at, [inner])
        if token.text == "{":
            first = self.expression()
            if self.peek() == "{":    # a replication; its count is of the elaboration
                self.at += 1
                parts = self.list("}")
                self.take("}")
                return Node("replicate", start, self.at, parts)
            parts = [first]
            while self.accept(","):
                parts.append(self.expression())
            self.take("}")
            return Node("concatenate", start, self.at, parts)
        if token.kind in ("number", "string"):
            return Node(token.kind, start, self.at, [])
        if token.kind != "name":
            self.at -= 1
            self.take("an expression")
        if self.peek() == "(":
            self.at += 1
            parts = self.list(")")
            return Node("call", start, self.at, parts)
        index = []
        while self.peek() in ("[", "."):
            if self.accept("."):
                self.take()
                index = []    # the index was that of a generate block
                continue
            self.take("[")
            first = self.expression()
            if self.peek() in (":", "+:", "-:"):
                kind = self.take().text
                self.expression()
                if kind != ":":
                    index.append(first)
            else:
                index.append(first)
            self.take("]")
        return Node("name", start, self.at, index)

    def list(self, end):
        parts = [self.expression()]
        while self.accept(","):
            parts.append(self.expression())
        self.take(end)
        return parts

    def mutate(self, node, condition=False):
        """Adds the places of an expression; condition: only whether it is 0 matters."""
        kind, text = node.kind, self.source(node)
        if self.is_constant(node) and kind != "number":
            return
        if condition and kind != "number":
            self.place("condition", node, f"!({text})", f"not ({text})")
            for stuck in "01":
                self.place("stuck", node, f"1'b{stuck}", f"{text} is {stuck}")
        if kind == "()":
            self.mutate(node.parts[0], False)
        elif kind == "?":
            self.mutate(node.parts[0], True)
            self.mutate(node.parts[1])
            self.mutate(node.parts[2])
        elif kind in OTHER or kind == ">>>":
            left, right = node.parts
            for other in OTHER.get(kind, []):
                self.place("operator", node, f"{self.source(left)} {other} {self.source(right)}", f"{text}: {kind} is {other}")
            if kind in DROPS:
                logical = kind in ("&&", "||")
                for kept in node.parts if kind != "-" else [left]:
                    only = f"({self.source(kept)})"
                    self.place("operand", node, f"|{only}" if logical else only, f"{text}: only {self.source(kept)}")
            for part in node.parts:
                self.mutate(part, kind in ("&&", "||"))
        elif kind.startswith("unary"):
            operator, inner = kind[6:], node.parts[0]
            if operator in "~-":
                self.place("operator", node, f"({self.source(inner)})", f"{text}: without {operator}")
            elif operator == "!":
                self.place("operator", node, f"|({self.source(inner)})", f"{text}: without !")
            elif operator in "&|":
                self.place("operator", node, f"{'|' if operator == '&' else '&'}{self.source(inner)}", f"{text}: the other reduction")
            self.mutate(inner, operator == "!")
        elif kind == "concatenate":
            for first, second in zip(node.parts, node.parts[1:]):
                swapped = [self.source(part) for part in node.parts]
                at = node.parts.index(first)
                swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
                if swapped[at] != swapped[at + 1]:
                    self.place("order", node, "{" + ", ".join(swapped) + "}", f"{text}: {self.source(first)} and {self.source(second)} change places")
            for part in node.parts:
                self.mutate(part)
        elif kind in ("replicate", "call"):
            for part in node.parts:
                self.mutate(part)
        elif kind == "number":
            self.number(node, text)
        elif kind == "name":
            for index in node.parts:
                if index.kind == "number":
                    value = int(self.source(index)) if self.source(index).isdigit() else None
                    if value is not None:
                        other = value - 1 if value else value + 1
                        begin = self.tokens[index.start].start - self.tokens[node.start].start
                        end = self.tokens[index.end - 1].end - self.tokens[node.start].start
                        self.place("index", node, text[:begin] + str(other) + text[end:], f"{text}: index {other}")
                elif not self.is_constant(index):
                    inner = self.source(index)
                    self.place("index", index, f"({inner}) + 1", f"{text}: index one higher")
                    self.mutate(index)

    def number(self, node, text):
        found = re.fullmatch(r"(\d*)\s*'([sS]?)([bdhBDH])\s*([0-9a-fA-F_]+)", text)
        if not found:
            if text.isdigit():
                for other in (int(text) + 1, int(text) - 1):
                    if other >= 0:
                        self.place("constant", node, str(other), f"{text} is {other}")
            return
        size, sign, base, digits = found.groups()
        radix = {"b": 2, "d": 10, "h": 16}[base.lower()]
        value = int(digits.replace("_", ""), radix)
        bits = int(size) if size else 32
        for other in {(value + 1) % (1 << bits), (value - 1) % (1 << bits)} - {value}:
            self.place("constant", node, f"{size}'{sign}h{other:x}", f"{text} is {other}")

    # --- statements
    def statement(self, clocked):
        token = self.tokens[self.at]
        if self.accept(";"):
            return
        if self.accept("begin"):
            if self.accept(":"):
                self.take()
            while not self.accept("end"):
                self.statement(clocked)
        elif token.text in ("reg", "integer"):
            self.skip_until(";")
            self.take(";")
        elif self.accept("if"):
            self.take("(")
            condition = self.expression()
            self.take(")")
            self.mutate(condition, True)
            self.statement(clocked)
            if self.accept("else"):
                self.statement(clocked)
        elif token.text in ("case", "casez"):
            self.take()
            self.take("(")
            self.mutate(self.expression())
            self.take(")")
            while not self.accept("endcase"):
                if self.accept("default"):
                    self.accept(":")
                else:
                    self.expression()
                    while self.accept(","):
                        self.expression()
                    self.take(":")
                self.statement(clocked)
        elif token.text in ("for", "while"):
            self.take()
            if token.text == "for":
                self.constants.add(self.peek(1))
            self.skip_brackets()
            self.statement(clocked)
        elif token.text.startswith("$"):
            self.skip_until(";")
            self.take(";")
        else:
            start = self.at
            self.primary()    # what is assigned to
            target = self.text[token.start:self.tokens[self.at - 1].end]
            operator = self.take().text
            if operator not in ("<=", "="):
                raise ValueError(f"{operator!r} where an assignment was expected")
            value = self.expression()
            self.take(";")
            if clocked:
                whole = Node("statement", start, self.at, [])
                self.place("dropped", whole, None, f"{self.source(whole)} is left out")
            self.right_side(value, target)

    def right_side(self, value, target):
        if target.startswith("unused"):
            return
        if value.kind == "name" and not self.is_constant(value):
            self.place("inverted", value, f"~{self.source(value)}", f"{target}: ~{self.source(value)}")
        self.mutate(value)

    # --- module items
    def module(self):
        while self.peek() != "module":
            self.take()
        self.take()
        self.take()
        if self.accept("#"):
            begin = self.at
            self.skip_brackets()
            self.names_of_parameters(begin, self.at)
        if self.peek() == "(":
            self.skip_brackets()
        self.take(";")
        while not self.accept("endmodule"):
            self.item()
        # Functions that the elaboration calls, also from others.
        grown = True
        while grown:
            grown = False
            for name, first, last in self.functions:
                names = {token.text for token in self.tokens if first <= token.start < last and token.kind == "name"}
                if name in self.elaborated and not names <= self.elaborated:
                    self.elaborated |= names
                    grown = True
        constant = [(first, last) for name, first, last in self.functions if name in self.elaborated]
        return [place for place in self.places if not any(first <= place.start < last for first, last in constant)]

    def names_of_parameters(self, begin, end):
        for n in range(begin, end):
            if self.tokens[n].text == "=" and self.tokens[n - 1].kind == "name":
                self.constants.add(self.tokens[n - 1].text)

    def item(self):
        token = self.tokens[self.at]
        text = token.text
        if text in ("generate", "endgenerate", "else", ";"):
            self.take()
        elif text in ("localparam", "parameter"):
            begin = self.at
            self.skip_until(";")
            self.names_of_parameters(begin, self.at)
            self.take(";")
        elif text in ("genvar", "integer"):
            begin = self.at
            self.skip_until(";")
            if text == "genvar":
                self.constants.update(t.text for t in self.tokens[begin + 1:self.at] if t.kind == "name")
            self.take(";")
        elif text in ("for", "if"):
            self.take()
            self.skip_brackets()
        elif text == "begin":
            self.take()
            if self.accept(":"):
                self.take()
        elif text == "end":
            self.take()
        elif text in ("wire", "reg"):
            self.declaration()
        elif text == "assign":
            self.take()
            begin = self.at
            self.primary()
            target = self.text[self.tokens[begin].start:self.tokens[self.at - 1].end]
            self.take("=")
            value = self.expression()
            self.take(";")
            self.right_side(value, target)
        elif text == "always":
            self.take()
            self.take("@")
            clocked = False
            if self.peek() == "(":
                begin = self.at
                self.skip_brackets()
                clocked = any(t.text == "posedge" for t in self.tokens[begin:self.at])
            else:
                self.take("*")
            self.statement(clocked)
        elif text == "initial":
            self.skip_statement()
        elif text == "function":
            begin = token.start
            self.skip_function_head()
            name = self.function_name
            while self.peek() != "endfunction":
                self.statement(False)
            self.functions.append((name, begin, self.take().end))
        elif token.kind == "name":
            self.instance()
        else:
            raise ValueError(f"line {self.text.count(chr(10), 0, token.start) + 1}: {text!r} begins no item")

    def skip_statement(self):
        """An initial block: a memory's image."""
        self.take()
        before = len(self.places)
        self.statement(False)
        del self.places[before:]

    def skip_function_head(self):
        self.take("function")
        names = []
        while self.peek() not in (";", "("):
            if self.peek() == "[":
                self.skip_brackets()
            else:
                names.append(self.take().text)
        self.function_name = names[-1]
        if self.peek() == "(":
            self.skip_brackets()
        self.take(";")
        while self.peek() in ("input", "integer", "reg"):
            self.skip_until(";")
            self.take(";")

    def declaration(self):
        kind = self.take().text
        self.accept("signed")
        while self.peek() == "[":
            self.skip_brackets()
        while True:
            name = self.take().text
            while self.peek() == "[":
                self.skip_brackets()
            if self.accept("="):
                value = self.expression()
                if kind == "wire":      # a register's first value is set before a mutant can be chosen
                    self.right_side(value, name)
            if not self.accept(","):
                break
        self.take(";")

    def instance(self):
        module = self.take().text
        if self.accept("#"):
            self.skip_brackets()
        self.take()
        while self.peek() == "[":
            self.skip_brackets()
        self.take("(")
        inputs = self.ports.get(module, set())
        while not self.accept(")"):
            if self.accept(","):
                continue
            self.take(".")
            port = self.take().text
            self.take("(")
            if not self.accept(")"):
                value = self.expression()
                self.take(")")
                if port in inputs and port != "clk":
                    self.right_side(value, f"{module}.{port}")
        self.take(";")


def input_ports(text):
    """The names of a module's input ports, which is declared in the style of the templates."""
    return {name for name in re.findall(r"^\s*input\s+(?:wire|reg)?\s*(?:signed)?\s*(?:\[[^\]]*\])?\s*(\w+)", text, re.M)}


def places(text, ports):
    return Parser(text, ports).module()
