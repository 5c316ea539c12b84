"""Files: what is saved is loaded bit for bit, a damaged or foreign one changes nothing, and none is ever half there."""

from __future__ import annotations

import importlib
import json
import math
import os
import stat
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import nn
from autograd_core.errors import DomainError, MissingDependencyError, NotAScalarError

ODD = [0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, math.inf, math.pi]


def model_of(seed):
    return nn.Sequential(nn.Linear(2, 3, seed=seed), nn.BatchNorm(3), nn.ReLU(), nn.Layer(3, 1, seed=seed))


def test_a_model_comes_back_bit_for_bit(tmp_path):
    first, second = model_of(0), model_of(1)
    for parameter, x in zip(first.parameters(), ODD, strict=False):
        parameter.data = x
    first[1].num_batches_tracked, first[1].running_mean = 2**40, [0.1, 0.2, 0.3]
    path = tmp_path / "model.safetensors"
    nn.save(first, path)
    assert nn.load(second, path) is second
    assert repr(second.state_dict()) == repr(first.state_dict())
    assert type(second[1].num_batches_tracked) is int
    assert os.listdir(tmp_path) == ["model.safetensors"]


def test_other_programs_read_the_file(tmp_path):
    model = nn.Linear(2, 1, seed=0)
    nn.save(model, str(tmp_path / "m"))
    arrays = load_file(tmp_path / "m")
    assert {name: (array.dtype, array.shape) for name, array in arrays.items()} == {
        "weight": (np.float64, (1, 2)),
        "bias": (np.float64, (1,)),
    }
    assert arrays["weight"].tolist() == model.state_dict()["weight"]


def test_files_of_other_programs_are_read(tmp_path):
    save_file({"weight": np.float32([[1.5, 2.5]]), "bias": np.float16([3.0])}, tmp_path / "m")
    assert nn.load(nn.Linear(2, 1), tmp_path / "m").state_dict() == {"weight": [[1.5, 2.5]], "bias": [3.0]}
    assert nn.load(nn.Linear(2, 1, bias=False), tmp_path / "m", strict=False).state_dict() == {"weight": [[1.5, 2.5]]}


def refuses(path, message, model=None, error=nn.StateError):
    model = model or model_of(1)
    before = model.state_dict()
    with pytest.raises(error, match=message):
        nn.load(model, path)
    assert model.state_dict() == before


def test_a_truncated_file_changes_nothing(tmp_path):
    path = tmp_path / "model"
    nn.save(model_of(0), path)
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 37), len(whole) - 1]:
        path.write_bytes(whole[:length])
        refuses(path, r"nn.load\(\): '.*model' is no complete safetensors file .* was it truncated")
    path.write_bytes(whole + b"more")
    refuses(path, "is no complete safetensors file")


@pytest.mark.parametrize("content", [b"", b"weight,bias\n1,2\n", b"\x80\x04N.", bytes(1000), b"\xff" * 64])
def test_a_foreign_file_changes_nothing(tmp_path, content):
    path = tmp_path / "model"
    path.write_bytes(content)
    refuses(path, "is no complete safetensors file")


def test_a_file_of_another_model_changes_nothing(tmp_path):
    nn.save(nn.Linear(2, 3, seed=0), tmp_path / "m")
    refuses(
        tmp_path / "m", r"nn.load\('.*m'\): the state does not fit the model: missing modules.0.weight, .*; unexpected"
    )
    nn.save(nn.Linear(3, 1), tmp_path / "n")
    refuses(tmp_path / "n", r"weight must have shape \(1, 2\), got \(1, 3\)", nn.Linear(2, 1))


@pytest.mark.skipif(find_spec("ml_dtypes") is not None, reason="ml_dtypes, which JAX installs, teaches NumPy bfloat16")
def test_numbers_that_numpy_does_not_know(tmp_path):
    header = json.dumps({"weight": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [0, 4]}}).encode()
    (tmp_path / "m").write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    refuses(tmp_path / "m", "no complete safetensors file of numbers that NumPy knows", nn.Linear(2, 1, bias=False))


def test_a_later_version(tmp_path):
    save_file({"bias": np.zeros(1)}, tmp_path / "m", {"format": "autograd-core model", "version": "2"})
    refuses(tmp_path / "m", "has version '2' of the format, and this release reads version 1")


def test_an_absent_file(tmp_path):
    refuses(tmp_path / "absent", "absent", error=FileNotFoundError)


def test_saving_replaces_in_one_step(tmp_path, monkeypatch):
    path = tmp_path / "model"
    nn.save(nn.Linear(1, 1, init="zeros"), path)
    before = path.read_bytes()
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        nn.save(nn.Linear(1, 1, seed=0), path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["model"]


def test_the_file_is_on_the_disk_before_it_takes_the_place(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *args, name=name, real=real: (calls.append(name), real(*args))[1])
    nn.save(nn.Linear(1, 1), tmp_path / "m")
    assert calls[:2] == ["fsync", "replace"]


def test_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    nn.save(nn.Linear(1, 1, init="zeros"), target)
    link.symlink_to(target)
    nn.save(nn.Linear(1, 1, seed=0), link)
    assert link.is_symlink()
    assert nn.load(nn.Linear(1, 1), target).state_dict() == nn.Linear(1, 1, seed=0).state_dict()


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_permissions_are_those_of_any_new_file(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    nn.save(nn.Linear(1, 1), tmp_path / "m")
    assert stat.S_IMODE((tmp_path / "m").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda d: nn.save("m", nn.Linear(1, 1)),
            NotAScalarError,
            r"nn.save\(model, path\) takes an nn.Module.*got 'm'",
        ),
        (lambda d: nn.load("m", nn.Linear(1, 1)), NotAScalarError, r"nn.load\(model, path\) takes an nn.Module"),
        (lambda d: nn.save(nn.Linear(1, 1), 3), DomainError, r"nn.save\(\) takes the path of a file, got 3"),
        (lambda d: nn.save(nn.Linear(1, 1), d), DomainError, "is a directory or a device"),
        (lambda d: nn.save(nn.Linear(1, 1), d / "a" / "b"), DomainError, "there is no directory '.*a' to write"),
        (lambda d: nn.save(nn.Linear(1, 1), os.devnull), DomainError, "is a directory or a device"),
    ],
)
def test_wrong_arguments(tmp_path, call, error, message):
    with pytest.raises(error, match=message):
        call(tmp_path)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["numpy", "safetensors"])
def test_a_missing_package_is_named(tmp_path, monkeypatch, name):
    real = importlib.import_module

    def absent(wanted, *args):
        if wanted == name:
            raise ImportError(wanted)
        return real(wanted, *args)

    path = tmp_path / "m"
    nn.save(nn.Linear(1, 1), path)
    monkeypatch.setattr(importlib, "import_module", absent)
    for call in (lambda: nn.save(nn.Linear(1, 1), path), lambda: nn.load(nn.Linear(1, 1), path)):
        with pytest.raises(MissingDependencyError, match=rf"needs {name}, .* pip install 'autograd-core\[all\]'"):
            call()


def test_saving_from_two_processes_leaves_one_whole_file(tmp_path):
    code = (
        "import sys, nn\n"
        "model = nn.Linear(40, 40, seed=int(sys.argv[2]))\n"
        "for _ in range(15): nn.save(model, sys.argv[1])\n"
    )
    path = tmp_path / "m"
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), str(seed)]) for seed in (0, 1)]
    models, reads = [nn.Linear(40, 40, seed=seed).state_dict() for seed in (0, 1)], 0
    while any(writer.poll() is None for writer in writers):
        if path.exists():
            assert nn.load(nn.Linear(40, 40), path).state_dict() in models
            reads += 1
    assert [writer.returncode for writer in writers] == [0, 0]
    assert os.listdir(tmp_path) == ["m"]
    assert reads > 0


def test_what_is_no_path():
    for call in (nn.save, nn.load):
        with pytest.raises(DomainError, match=rf"nn.{call.__name__}\(\) takes the path of a file, got 5"):
            call(nn.Linear(1, 1), 5)
