"""Which layers learn: choosing parameters of a model by where they lie in its stack."""

from collections.abc import Callable

from interlingua.core.errors import BadInput
from interlingua.models.anatomy import anatomy
from interlingua.models.lm import LM


def outer_layers(lm: LM, count: int) -> Callable[[str], bool]:
    """Names of parameters in the first and last `count` layers, and outside of the layers (tables, norms).

    With 2 this is 2x2LS (Yamaguchi et al. 2024, arXiv:2406.11477); with 0 the layers stay as they are. A
    model of no more than twice `count` layers learns in all of them. Raises `BadInput` for a count below 0,
    `ModelError` for a model that is no stack of layers.
    """
    if count < 0:
        raise BadInput(f"The number of layers at each end must be at least 0, not {count}.")
    layers = anatomy(lm).layers
    inner = layers[count : len(layers) - count] if count else layers
    frozen = {id(parameter) for layer in inner for parameter in layer.parameters()}
    names = {name for name, parameter in lm.model.named_parameters() if id(parameter) not in frozen}
    return names.__contains__
