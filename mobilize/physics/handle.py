"""How kernels are handed the arrays. The one module that speaks numba's inner language.

A kernel works on named tuples of arrays when run as plain Python (the reference in tests).
Compiled, it gets the same fields behind one reference: passing a hundred arrays by value would
make compiling take minutes. The reference is a bare pointer and its arrays are lent, because
counting references at every read costs more than the work of a kernel; whoever holds the
:class:`Handle` keeps the arrays alive.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.experimental import structref
from numba.extending import NativeValue, box, intrinsic, overload, register_model, unbox

from mobilize.physics.kernel import config, kernel


class Fields(types.StructRef):
    """Type of a reference to the fields of a named tuple."""

    def __init__(self, fields):
        super().__init__(fields)
        self.name = f"Fields({hashlib.sha256(self.name.encode()).hexdigest()[:16]})"


structref.register(Fields)


@register_model(Fields)
class FieldsModel(models.StructModel):
    """A bare pointer: kernels do not count who refers to the fields."""

    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, [("meminfo", types.voidptr)])


class Handle(structref.StructRefProxy):
    """A reference as Python holds it: only good for passing to kernels.

    numba asks for the type of every argument of every call: from a slot it has it in a third of
    the time that the property of the base class takes.
    """

    __slots__ = ("_numba_type_", "fields")


_COUNTED = types.MemInfoPointer(types.voidptr)


@box(Fields)
def _box(kind, value, c):
    """Give Python the only counted reference."""
    pointer = structref._Utils(c.context, c.builder, kind).get_struct_ref(value).meminfo
    owner = c.box(_COUNTED, pointer)
    make = c.pyapi.unserialize(c.pyapi.serialize_object(Handle._numba_box_))
    name = c.pyapi.unserialize(c.pyapi.serialize_object(kind))
    made = c.pyapi.call_function_objargs(make, [name, owner])
    for thing in (make, name, owner):
        c.pyapi.decref(thing)
    return made


@unbox(Fields)
def _unbox(kind, handle, c):
    """Borrow the pointer: the handle outlives the call."""
    owner = c.pyapi.object_getattr_string(handle, "_meminfo")
    pointer = c.unbox(_COUNTED, owner).value
    c.context.nrt.decref(c.builder, _COUNTED, pointer)
    c.pyapi.decref(owner)
    ref = structref._Utils(c.context, c.builder, kind).new_struct_ref(pointer)
    return NativeValue(ref._getvalue())


class Lent(types.Array):
    """Type of an array that somebody else keeps alive: kernels do not count references to it."""

    def __init__(self, array: types.Array) -> None:
        name = f"lent({array.name})"
        super().__init__(array.dtype, array.ndim, array.layout, name=name)


@register_model(Lent)
class LentModel(models.ArrayModel):
    """An array as numba lays it out, with nothing that numba would count."""

    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type)
        self._members = (types.voidptr, types.voidptr, *self._members[2:])


@intrinsic
def _lend(typingctx, value):
    """Return an array as lent, anything else as it is."""
    kind = Lent(value) if isinstance(value, types.Array) else value

    def lent(context, builder, signature, args):
        if not isinstance(value, types.Array):
            return args[0]
        array = cgutils.create_struct_proxy(kind)(context, builder, value=args[0])
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        array.parent = cgutils.get_null_value(array.parent.type)
        return array._getvalue()

    return kind(value), lent


def _pack(fields):
    raise NotImplementedError("only in compiled code")


@overload(_pack)
def _pack_compiled(fields):  # numba compares signatures
    names = fields.fields
    lent = [Lent(t) if isinstance(t, types.Array) else t for t in fields.types]
    kind = Fields(list(zip(names, lent, strict=True)))
    lines = ["def pack(fields):", "    ref = new(kind)"]
    lines += [f"    ref.{name} = lend(fields.{name})" for name in names]
    scope: dict[str, Any] = {"new": structref.new, "kind": kind, "lend": _lend}
    exec("\n".join([*lines, "    return ref"]), scope)
    return scope["pack"]


@kernel
def _handle(fields: NamedTuple) -> Any:
    return _pack(fields)


def handle(fields: Any) -> Any:
    """Return a reference to the fields of a named tuple, for passing to kernels.

    Arrays are shared, not copied: what a kernel changes, the named tuple shows. Without
    compilation (``NUMBA_DISABLE_JIT=1``) the named tuple itself serves.
    """
    if config.DISABLE_JIT:
        return fields
    ready = _handle(fields)
    ready._numba_type_ = ready._type
    ready.fields = fields  # keeps the arrays alive
    return ready
