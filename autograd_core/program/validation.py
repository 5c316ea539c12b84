"""validate(): whether a Program is one, before anything runs it."""

from __future__ import annotations

from autograd_core.errors import ProgramError
from autograd_core.interpreters.operators import RELATIONS
from autograd_core.program.form import Program
from autograd_core.rules.kinds import Nary, Pairing
from autograd_core.rules.rows import Primitive


def validate(program: Program) -> Program:
    """Return the Program, once all is checked that a machine relies on.

    Raises:
        ProgramError: a place does not exist, an operand does not stand before its step, a row gets another number of
            operands than it takes, or the parts of the Program do not fit together.
    """
    steps = len(program.primitives)
    name = f"program {program.name}"
    if len(program.offsets) != steps + 1:
        raise ProgramError(f"{name}: {steps} steps take {steps + 1} offsets, got {len(program.offsets)}")
    if program.offsets[0] != 0 or program.offsets[-1] != len(program.arguments):
        raise ProgramError(
            f"{name}: the offsets go from 0 to the {len(program.arguments)} arguments, "
            f"got {program.offsets[0]} to {program.offsets[-1]}"
        )
    for what, typecode in (("constants", "d"), ("offsets", "i"), ("arguments", "i")):
        if getattr(program, what).typecode != typecode:
            raise ProgramError(
                f"{name}: the {what} are an array of type {typecode!r}, got {getattr(program, what).typecode!r}"
            )
    if program.origins and len(program.origins) != steps:
        raise ProgramError(f"{name}: {steps} steps take as many origins, or none, got {len(program.origins)}")
    passed = [x.source is None for x in program.inputs]
    if passed != sorted(passed, reverse=True):
        raise ProgramError(f"{name}: captured inputs come after those that are passed in")
    for step in range(steps):
        _check_step(program, step, name)
    _check_outputs(program, name)
    _check_guards(program, name)
    return program


def _check_step(program: Program, step: int, name: str) -> None:
    primitive, start, end = program.primitives[step], program.offsets[step], program.offsets[step + 1]
    if not isinstance(primitive, Primitive):
        raise ProgramError(f"{name}, step {step}: the row must be a Primitive, got {type(primitive).__name__}")
    if not 0 <= start <= end <= len(program.arguments):
        raise ProgramError(f"{name}, step {step}: operands from {start} to {end} of {len(program.arguments)}")
    count = end - start
    if primitive.arity and count != primitive.arity:
        raise ProgramError(f"{name}, step {step}: {primitive.name} takes {primitive.arity} operands, got {count}")
    if isinstance(primitive, Nary) and count < primitive.least:
        raise ProgramError(f"{name}, step {step}: {primitive.name} takes at least {primitive.least}, got no operand")
    if isinstance(primitive, Pairing) and count % 2:
        raise ProgramError(
            f"{name}, step {step}: {primitive.name} takes two sequences of one length, got {count} operands"
        )
    place = program.given + step
    for operand in program.arguments[start:end]:
        if not 0 <= operand < place:
            raise ProgramError(
                f"{name}, step {step}: %{place} = {primitive.name} has the operand %{operand}, which is not before it"
            )


def _check_outputs(program: Program, name: str) -> None:
    for place in program.outputs:
        if not 0 <= place < program.size:
            raise ProgramError(f"{name}: the output %{place} is none of {program.size} numbers")


def _check_guards(program: Program, name: str) -> None:
    before = 0
    for guard in program.guards:
        if guard.relation not in RELATIONS:
            raise ProgramError(
                f"{name}: a guard has the relation {guard.relation!r}, which is none of {' '.join(RELATIONS)}"
            )
        if not before <= guard.step <= len(program.primitives):
            raise ProgramError(f"{name}: a guard after step {guard.step} follows one after step {before}")
        before = guard.step
        for place in (guard.left, guard.right):
            if not 0 <= place < program.given + guard.step:
                raise ProgramError(f"{name}: a guard after step {guard.step} compares %{place}, which is not there yet")
