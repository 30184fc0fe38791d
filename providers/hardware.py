"""Faults of the computer a model runs on, known by the words of the engines that report them.

The engines have no codes for these: the words come from CUDA, ROCm, Vulkan, torch, the C++
library, Ollama, llama.cpp, vLLM and LM Studio.
"""

from __future__ import annotations

from core.errors import ErrorKind

_MEMORY = (
    "out of memory", "outofmemory", "out of device memory", "outofdevicememory",
    "requires more system memory", "more memory than", "not enough memory", "insufficient memory",
    "insufficient system resources", "cannot allocate memory", "can't allocate memory",
    "failed to allocate", "unable to allocate", "bad_alloc", "cudamalloc", "cache blocks",
    "runner process has terminated", "runner process no longer running",
    "failed to load model", "unable to load model",
)  # fmt: skip
_GPU = (
    "no cuda-capable device", "no cuda gpus", "no nvidia driver", "driver version is insufficient",
    "driver/library version mismatch", "no kernel image is available",
    "no hip gpus", "no rocm-capable device", "unable to find a gpu", "no gpu found",
)  # fmt: skip


def hardware_fault(text: str) -> ErrorKind | None:
    """NO_GPU or NO_MEMORY where the words name one of them."""
    low = text[:8000].lower()
    if any(word in low for word in _GPU):
        return ErrorKind.NO_GPU
    return ErrorKind.NO_MEMORY if any(word in low for word in _MEMORY) else None
