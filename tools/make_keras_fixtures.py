#!/usr/bin/env python3
# Makes the files of src/import/fixtures/keras that the Keras at hand writes: models with random weights as .keras and .h5, with an input and
# the output that Keras computes. Needs keras and h5py; run from the top of the source tree, once with Keras 3.15.1 (KERAS_BACKEND=numpy needs
# scipy and jax) and once with Keras 2.15.0 (TensorFlow 2.15): the names begin with the version. The fixtures are committed, so that the tests
# need neither.
import json
import os
import pathlib
import zipfile

os.environ.setdefault("KERAS_BACKEND", "numpy")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

folder = pathlib.Path("src/import/fixtures/keras")
folder.mkdir(exist_ok=True)
three = int(keras.__version__[0]) >= 3
version = "k" + "".join(keras.__version__.split(".")[:2]) + "_"
keras.utils.set_random_seed(1)
numbers = np.random.default_rng(1)
layers = keras.layers
FEATURES, FRAMES = 3, 6


def inputs():
    return keras.Input((None, FEATURES), name="frames")


def sequential(*parts):
    return keras.Sequential([inputs(), *parts])


def functional(build):
    x = inputs()
    return keras.Model(x, build(x))


def randomise(model):
    """Weights that reach the curved part of the functions; variances stay positive, counts whole."""
    for weight in model.weights:
        path = getattr(weight, "path", weight.name)
        if "count" in path or "seed" in path:
            continue
        values = numbers.normal(0, 0.7, weight.shape)
        weight.assign(np.abs(values) + 0.1 if "variance" in path else values)


def pack(file, compression):
    """The archive without its date, and smaller: HDF5 is mostly zeros."""
    with zipfile.ZipFile(file) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    metadata = json.loads(parts["metadata.json"])
    metadata["date_saved"] = ""
    parts["metadata.json"] = json.dumps(metadata).encode()
    with zipfile.ZipFile(file, "w", compression) as write:
        for name, data in parts.items():
            write.writestr(zipfile.ZipInfo(name), data, compression)


def save(name, model, formats=("keras",)):
    randomise(model)
    for format in formats:
        file = folder / f"{version}{name}.{format}"
        model.save(file)
        if format == "keras":
            pack(file, zipfile.ZIP_STORED if name == "lstm" else zipfile.ZIP_DEFLATED)
    x = numbers.normal(size=(2, FRAMES, FEATURES)).astype(np.float32)
    y = keras.models.load_model(file).predict(x, verbose=0)  # a Normalization uses new statistics after loading
    y = np.concatenate(y, -1) if isinstance(y, (list, tuple)) else y
    np.save(folder / f"{version}{name}.x.npy", x)
    np.save(folder / f"{version}{name}.y.npy", y.astype(np.float32))


def folded():
    return sequential(
        layers.Rescaling(0.5, offset=-0.25), layers.Normalization(), layers.LSTM(4, return_sequences=True, dropout=0.1),
        layers.BatchNormalization(),
        layers.Dropout(0.2), layers.TimeDistributed(layers.Dense(4, activation="tanh")), layers.BatchNormalization(scale=False, epsilon=1e-2),
        layers.Dense(3, activation="relu"), layers.BatchNormalization(center=False), layers.Dense(2))


def residual(x):
    h = layers.LSTM(FEATURES, return_sequences=True, name="encoder")(x)
    h = layers.Add()([h, x])
    g = layers.GRU(3, return_sequences=True, name="b_first")(h)
    h = layers.Concatenate()([g, x, h])
    h = layers.Dense(4, activation="relu")(h)
    return [layers.Dense(2, name="z_head")(h), layers.Dense(1, activation="sigmoid", name="a_head")(h)]


def arithmetic(x):
    h = layers.LSTM(FEATURES, return_sequences=True)(x)
    h = (1 - h) * 0.5 + x / 4 - 0.25
    h = h - layers.SimpleRNN(FEATURES, return_sequences=True)(-x)
    return layers.Dense(2)(h[:, -1])


both = ("keras", "h5")
save("lstm", sequential(layers.LSTM(4, return_sequences=True), layers.Dense(2)))
save("gru", sequential(layers.GRU(4, return_sequences=True), layers.GRU(3, return_sequences=True, reset_after=False),
                       layers.Dense(4, activation="relu"), layers.Dense(2, activation="sigmoid")), both)
save("folded", folded(), both)
save("residual", functional(residual), both)
save("rnn", sequential(layers.SimpleRNN(4, return_sequences=True, activation="relu"), layers.SimpleRNN(3, return_sequences=True, use_bias=False),
                       layers.Dense(2, use_bias=False)))
save("last", sequential(layers.GRU(4), layers.Dense(3), layers.Dense(3, activation="softmax")))
save("activations", sequential(
    layers.LSTM(4, return_sequences=True, recurrent_activation="hard_sigmoid", activation="relu", use_bias=False),
    layers.GRU(3, return_sequences=True, recurrent_activation="hard_sigmoid", activation="linear", reset_after=False), layers.LeakyReLU(),
    layers.Dense(4, activation="hard_sigmoid"), layers.Dense(3), layers.ReLU(max_value=1.5),
    layers.Dense(2, activation="leaky_relu" if three else "relu")))
if three:
    save("arithmetic", functional(arithmetic))
    # Made after the others, so that these draw the same numbers as without them.
    both_ways = lambda layer, **options: layers.Bidirectional(layer, **options)
    save("bidirectional", sequential(
        both_ways(layers.LSTM(4, return_sequences=True)), both_ways(layers.GRU(3, return_sequences=True), merge_mode="sum"),
        layers.Dense(4, activation="relu"), layers.Dense(2)), both)
    save("bidirectional_last", sequential(
        both_ways(layers.GRU(4, return_sequences=True, reset_after=False), merge_mode="ave"),
        both_ways(layers.LSTM(3), backward_layer=layers.GRU(3, go_backwards=True)), layers.Dense(3, activation="softmax")))
    save("backwards", sequential(layers.SimpleRNN(4, return_sequences=True, go_backwards=True), layers.GRU(3, return_sequences=True),
                                 layers.LSTM(3, go_backwards=True), layers.Dense(2)))
