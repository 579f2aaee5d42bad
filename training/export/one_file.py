"""One TFLite file for pictures of two shapes, which holds the weights of their network once.

TensorFlow's converter loses weights where two signatures share them. So each shape is converted alone, and the second
subgraph is put beside the first, with the contents that both have, byte for byte, kept once. Neither is computed anew:
each gives the very outputs that its own file does.
"""

from __future__ import annotations

from typing import Any

import flatbuffers

CLOSER_SIGNATURE = "closer"
"""Name of the signature for closer looks."""
_FILE_IDENTIFIER = b"TFL3"
"""Of the format, in the first bytes of every TFLite file."""
_ALIGNMENT = 16
"""Bytes by which the place of a weight can be divided, as the format's schema asks: LiteRT uses them where they lie."""


def in_one_file(whole: bytes, closer: bytes) -> bytes:
    """Return two TFLite files of one network as one.

    whole, closer: as `to_tflite` returns them. The signature of the first stays, that of the second becomes
    CLOSER_SIGNATURE.
    """
    made, added = _opened(whole), _opened(closer)
    codes = {_operator(code): place for place, code in enumerate(made.operatorCodes)}
    for code in added.operatorCodes:
        if _operator(code) not in codes:
            codes[_operator(code)] = len(made.operatorCodes)
            made.operatorCodes.append(code)
    (subgraph,), (signature,) = added.subgraphs, added.signatureDefs
    for operator in subgraph.operators:
        operator.opcodeIndex = codes[_operator(added.operatorCodes[operator.opcodeIndex])]
    kept = {content.tobytes(): place for place, content in _contents(made)}
    for tensor in subgraph.tensors:
        tensor.buffer = _buffer(added.buffers[tensor.buffer], made.buffers, kept)
    signature.subgraphIndex = len(made.subgraphs)
    subgraph.name = signature.signatureKey = CLOSER_SIGNATURE
    made.subgraphs.append(subgraph)
    made.signatureDefs.append(signature)
    return _written(made)


def _opened(model: bytes) -> Any:
    """Return what is in a TFLite file as objects of its schema."""
    from ai_edge_litert import schema_py_generated as schema

    return schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))


def _operator(code: Any) -> tuple[Any, ...]:
    return code.builtinCode, code.customCode, code.version


def _contents(model: Any) -> list[tuple[int, Any]]:
    return [(place, buffer.data) for place, buffer in enumerate(model.buffers) if buffer.data is not None]


def _buffer(buffer: Any, buffers: list[Any], kept: dict[bytes, int]) -> int:
    """Return the place among the buffers of one of this content, and add it if it is new.

    kept: places by content.
    """
    if buffer.data is None:
        return 0  # by the schema the first is empty, for what is computed
    content = buffer.data.tobytes()
    if content not in kept:
        kept[content] = len(buffers)
        buffers.append(buffer)
    return kept[content]


def _written(model: Any) -> bytes:
    builder = _SharingBuilder()
    builder.Finish(model.Pack(builder), _FILE_IDENTIFIER)
    return bytes(builder.Output())


class _SharingBuilder(flatbuffers.Builder):  # type: ignore[misc]
    """Writes equal arrays once, such as the scales of a weight in both subgraphs, and weights where they may lie."""

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[tuple[str, bytes], int] = {}

    def CreateNumpyVector(self, x: Any) -> int:  # noqa: N802 - by this name the schema's code calls it
        key = (x.dtype.str, x.tobytes())
        if key not in self._places:
            if x.itemsize == 1:
                self.Prep(_ALIGNMENT, x.nbytes)
            self._places[key] = int(super().CreateNumpyVector(x))
        return self._places[key]
