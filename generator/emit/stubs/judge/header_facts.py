"""C and C++ headers -> plain facts, by header and name: functions, function types, methods, records, enumerators, typedefs.

Types are canonical: typedefs resolved, const and volatile dropped, a reference is a pointer, tags without the underscores and
the "tag" that headers decorate them with. Reading goes through libclang; a declaration that the compiler found invalid is left out,
because clang puts int where it does not know a type.
"""
import ctypes
import os
import re

import clang.cindex as ci
from clang.cindex import CursorKind as CK, TypeKind as TK


def load_library():
    for name in ("libclang-14.so.1", "libclang-14.so", "libclang.so.1"):
        for folder in ("/usr/lib/llvm-14/lib", "/usr/lib/x86_64-linux-gnu"):
            path = os.path.join(folder, name)
            if os.path.exists(path):
                ci.Config.set_library_file(path)
                break
        else:
            continue
        break
    library = ci.conf.lib
    library.clang_isInvalidDeclaration.argtypes = [ci.Cursor]
    library.clang_isInvalidDeclaration.restype = ctypes.c_uint
    return library


LIBRARY = load_library()
DECORATION = re.compile(r"^_*(tag_?)?(?=[A-Za-z_])")
RECORDS = {CK.STRUCT_DECL, CK.UNION_DECL, CK.CLASS_DECL}
FUNCTIONS = {TK.FUNCTIONPROTO, TK.FUNCTIONNOPROTO}
POINTERS = {TK.POINTER, TK.LVALUEREFERENCE, TK.RVALUEREFERENCE}
WIDE = {"wchar_t": "unsigned short", "char16_t": "unsigned short"}
# What the two sides spell differently though both mean one type.
SAME = {"_Bool": "bool", "LSA_UNICODE_STRING": "UNICODE_STRING", "LSA_STRING": "STRING", "UUID": "GUID"}


def plain_tag(name):
    return DECORATION.sub("", name.split("::")[-1]).rstrip("_") or name


def canonical(kind, depth=0):
    t = kind.get_canonical()
    if t.kind in POINTERS:
        return canonical(t.get_pointee(), depth) + "*"
    if t.kind in FUNCTIONS:
        return prototype_text(t, depth + 1)
    if t.kind in (TK.CONSTANTARRAY,):
        return f"{canonical(t.element_type, depth)}[{t.element_count}]"
    if t.kind in (TK.INCOMPLETEARRAY, TK.VARIABLEARRAY):
        return canonical(t.element_type, depth) + "[]"
    if t.kind in (TK.RECORD, TK.ENUM):
        name = t.get_declaration().spelling
        if not name or "(" in name:
            name = re.sub(r"\b(const|volatile|struct|union|enum)\b ?", "", t.spelling)
            if "(" in name:
                return "(unnamed)"
        name = plain_tag(name)
        return SAME.get(name, name)
    text = re.sub(r"\b(const|volatile|__restrict|__unaligned|struct|union|enum|class)\b ?", "", t.spelling).strip()
    return SAME.get(text, WIDE.get(text, text))


def prototype(t):
    """[return, [parameters], variadic] of a function type."""
    t = t.get_canonical()
    if t.kind == TK.FUNCTIONNOPROTO:
        return [canonical(t.get_result()), [], False]
    parameters = []
    for p in t.argument_types():
        parameters.append(canonical(p).replace("[]", "*"))
    return [canonical(t.get_result()), parameters, bool(t.is_function_variadic())]


def prototype_text(t, depth):
    if depth > 2:
        return "fn"
    result = canonical(t.get_result(), depth)
    parameters = [] if t.kind == TK.FUNCTIONNOPROTO else [canonical(p, depth) for p in t.argument_types()]
    return f"fn({result};{','.join(parameters)})"


def fields_of(record):
    """[[name, offset in bits, size in bits], ...] with the members of unnamed records in their place; None if there is no layout."""
    out = []

    def walk(t, base):
        for field in t.get_fields():
            offset = field.get_field_offsetof()
            if offset < 0:
                return False
            inner = field.type.get_canonical()
            if not field.spelling and inner.kind == TK.RECORD:
                if not walk(inner, base + offset):
                    return False
                continue
            size = field.get_bitfield_width() if field.is_bitfield() else max(inner.get_size(), 0) * 8
            out.append([field.spelling, base + offset, size])
        return True

    return out if walk(record, 0) else None


class Facts:
    KINDS = ("functions", "callbacks", "methods", "records", "enumerators", "typedefs")

    def __init__(self):
        for kind in self.KINDS:
            setattr(self, kind, {})

    def as_dict(self):
        return {kind: getattr(self, kind) for kind in self.KINDS}

    def put(self, kind, header, name, value):
        getattr(self, kind).setdefault(header, {}).setdefault(name, value)


class Collector:
    def __init__(self, wanted, whole_blocks=False):
        """wanted(path) -> header name, or None where the file is not to be read. whole_blocks: an extern "C" block that begins in a
        file that is not wanted has nothing in it that is."""
        self.facts = Facts()
        self.wanted = wanted
        self.whole_blocks = whole_blocks
        self.headers = {}

    def parse(self, text, arguments, language="c++", precompiled=None, save=None):
        """The compiler's errors. save: keeps the unit for the next ones; precompiled: such a unit, whose declarations are not visited."""
        name = "unit.cc" if language == "c++" else "unit.c"
        options = ci.TranslationUnit.PARSE_SKIP_FUNCTION_BODIES | (ci.TranslationUnit.PARSE_INCOMPLETE if save else 0)
        if precompiled:
            arguments = arguments + ["-include-pch", precompiled]
        unit = ci.Index.create(excludeDecls=precompiled is not None).parse(name, args=arguments, unsaved_files=[(name, text)],
                                                                           options=options)
        if save:
            unit.save(save)
        errors = [d for d in unit.diagnostics if d.severity >= ci.Diagnostic.Error]
        self.broken = {(d.location.file.name, d.location.line) for d in errors if d.location.file}
        self.visit(unit.cursor)
        return errors

    def is_broken(self, cursor):
        """In C, a type that is not known makes a declaration of int that the compiler calls valid."""
        if LIBRARY.clang_isInvalidDeclaration(cursor):
            return True
        if not self.broken or cursor.location.file is None:
            return False
        extent, file = cursor.extent, cursor.location.file.name
        return any((file, line) in self.broken for line in range(extent.start.line, min(extent.end.line, extent.start.line + 400) + 1))

    def header_of(self, cursor):
        file = cursor.location.file
        if file is None:
            return None
        path = file.name
        if path not in self.headers:
            self.headers[path] = self.wanted(path)
        return self.headers[path]

    def visit(self, parent):
        for cursor in parent.get_children():
            if cursor.kind in (CK.LINKAGE_SPEC, CK.NAMESPACE, CK.UNEXPOSED_DECL):
                if not self.whole_blocks or self.header_of(cursor) is not None:
                    self.visit(cursor)
                continue
            header = self.header_of(cursor)
            if header is None or self.is_broken(cursor):
                continue
            if cursor.kind == CK.FUNCTION_DECL:
                self.put("functions", header, cursor.spelling, prototype(cursor.type), cursor)
            elif cursor.kind in RECORDS:
                self.record(header, cursor)
            elif cursor.kind == CK.ENUM_DECL:
                self.enumeration(header, cursor)
            elif cursor.kind in (CK.TYPEDEF_DECL, CK.TYPE_ALIAS_DECL):
                self.typedef(header, cursor)

    def put(self, kind, header, name, value, cursor):
        comment = cursor.raw_comment
        self.facts.put(kind, header, name, {"is": value, "line": cursor.location.line, "comment": comment or ""})

    def record(self, header, cursor, name=None):
        if not cursor.is_definition():
            return
        name = name or plain_tag(cursor.spelling)
        methods = False
        for child in cursor.get_children():
            if child.kind == CK.CXX_METHOD:
                methods = True
                if not LIBRARY.clang_isInvalidDeclaration(child):
                    # Overloads share a name: the key carries the number of parameters of the later ones.
                    key = f"{name}::{child.spelling}"
                    self.put("methods", header, key, prototype(child.type), child)
        size = cursor.type.get_size()
        if methods or size < 0 or not name or "(" in name:
            return
        fields = fields_of(cursor.type)
        if fields is not None:
            self.put("records", header, name, {"size": size, "align": cursor.type.get_align(), "fields": fields}, cursor)

    def enumeration(self, header, cursor):
        for child in cursor.get_children():
            if child.kind == CK.ENUM_CONSTANT_DECL:
                self.put("enumerators", header, child.spelling, [child.enum_value, plain_tag(cursor.spelling)], cursor)

    def typedef(self, header, cursor):
        t = cursor.underlying_typedef_type.get_canonical()
        function = t.get_pointee().get_canonical() if t.kind == TK.POINTER else t
        if function.kind in FUNCTIONS:
            self.put("callbacks", header, cursor.spelling, prototype(function), cursor)
        elif t.kind == TK.RECORD:
            declaration = t.get_declaration()
            definition = declaration.get_definition()
            if definition is not None and plain_tag(definition.spelling or "") != cursor.spelling:
                where = self.header_of(definition)
                if where is not None and not self.is_broken(definition):
                    self.record(where, definition, cursor.spelling)
        self.put("typedefs", header, cursor.spelling, canonical(t), cursor)
