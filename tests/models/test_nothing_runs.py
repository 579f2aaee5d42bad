"""A bundle is data: whatever its files hold, nothing of it is executed.

Each test puts into one file what would run if it were loaded carelessly, with the hashes that belong to it.
"""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.errors import BundleError, DataError
from currency_app.recognition.bundle import load_bundle, sha256_of
from currency_app.recognition.network import LiteRTNetwork
from tests.support.sources import PACKAGES, modules, parsed, place
from tests.support.tiny import copy_bundle

_RUNNING = {"eval", "exec", "compile", "__import__"}
"""Functions that run a text."""
_UNPACKING = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "runpy", "code", "yaml"}
"""Modules whose files run code when they are loaded."""
_LOADING = {"load_model", "model_from_json", "enable_unsafe_deserialization", "load_op_library"}
"""Functions that make objects by what a file says."""


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, (str(self._folder),)


def describe(folder: Path, **files: str) -> None:
    """Write the hashes of a bundle's files into its description, by the entry that names them."""
    path = folder / "bundle.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    for entry, file in files.items():
        described[entry] = {**described.get(entry, {}), "file": file, "sha256": sha256_of(folder / Path(file).name)}
    path.write_text(json.dumps(described), encoding="utf-8")


def test_the_trap_works(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([Trap(tmp_path / "ran")]), allow_pickle=True)
    np.load(tmp_path / "a.npy", allow_pickle=True)
    assert (tmp_path / "ran").exists(), "else no test here could fail"


def test_no_module_can_run_what_a_file_says() -> None:
    found = []
    for path in modules(*PACKAGES):
        for node in ast.walk(parsed(path)):
            names: list[str] = []
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in _RUNNING:
                    names = [name]
                case ast.Call(func=ast.Attribute(attr=name)) if name in _LOADING:
                    names = [name]
                case ast.Import():
                    names = [alias.name for alias in node.names if alias.name.split(".")[0] in _UNPACKING]
                case ast.ImportFrom(module=str(module)) if module.split(".")[0] in _UNPACKING:
                    names = [module]
                case ast.keyword(arg="allow_pickle" | "safe_mode" as name, value=ast.Constant(value=value)):
                    names = [name] if value is (name == "allow_pickle") else []
            found += [f"{place(path, node)} {name}" for name in names]
    assert not found, "\n".join(["", *found])


def test_a_model_file_elsewhere_is_not_taken(tiny_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(b"elsewhere")
    bundle = copy_bundle(tiny_bundle, tmp_path / "bundle")
    describe(bundle, model="../model.tflite")
    assert load_bundle(bundle).model == bundle / "model.tflite"


@pytest.mark.parametrize("name", ["FlexPyFunc", "FlexEagerPyFunc", "TFLite_Detection_PostProcess_Evil", ""])
def test_a_network_with_an_operation_of_its_own_is_refused(tiny_bundle: Path, tmp_path: Path, name: str) -> None:
    schema = pytest.importorskip("tensorflow.lite.python.schema_py_generated", reason="it writes TFLite files")
    flatbuffers = pytest.importorskip("flatbuffers")
    bundle = copy_bundle(tiny_bundle, tmp_path / "bundle")
    model = schema.ModelT.InitFromPackedBuf((bundle / "model.tflite").read_bytes(), 0)
    for operation in model.operatorCodes:
        operation.deprecatedBuiltinCode = operation.builtinCode = schema.BuiltinOperator.CUSTOM
        operation.customCode = name.encode()
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    (bundle / "model.tflite").write_bytes(bytes(builder.Output()))
    describe(bundle, model="model.tflite")
    with pytest.raises(BundleError, match="cannot be run here"):
        LiteRTNetwork(load_bundle(bundle))


def test_the_network_to_train_on_from_is_never_unpickled(tiny_bundle: Path, tmp_path: Path) -> None:
    pytest.importorskip("keras", reason="the network is made with Keras")
    from training.network.keras_network import WEIGHTS, load_network

    bundle = copy_bundle(tiny_bundle, tmp_path / "bundle")
    ran = tmp_path / "ran"
    with (bundle / WEIGHTS).open("wb") as file:
        np.savez(file, *[np.array([Trap(ran)], object) for _ in range(3)])
    path = bundle / "bundle.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    described["input"] |= {"width": 96, "height": 96}
    described["training"]["recipe"] |= {"size": 96, "alpha": 0.35}
    described["network"] = {"file": WEIGHTS, "sha256": sha256_of(bundle / WEIGHTS)}
    path.write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(DataError, match="does not fit the bundle"):
        load_network(load_bundle(bundle))
    assert not ran.exists()


def test_a_weights_file_with_a_layer_of_code_is_never_run(tmp_path: Path) -> None:
    keras = pytest.importorskip("keras", reason="weights are read by Keras")
    from training.network.backbone import build_backbone

    ran = tmp_path / "ran"
    layer = keras.layers.Lambda(eval(f"lambda x: (__import__('os').makedirs({str(ran)!r}, exist_ok=True), x)[1]"))
    keras.Sequential([keras.layers.Input((2,)), layer]).save(tmp_path / "layer.keras")
    ran.rmdir()  # it ran here, when the layer was made
    with pytest.raises(DataError):
        build_backbone("mobilenet_v2", 96, 0.35, str(tmp_path / "layer.keras"))
    assert not ran.exists()
