#!/usr/bin/env python3
# Makes the Keras part of src/import/fixtures/onnx: Keras models with random weights as ONNX files, as model.export(format="onnx")
# writes them (through tf2onnx), each with an input and the output that Keras computes. Committed, as the others are.
#   python3 tools/make_keras_onnx_fixtures.py [FOLDER]
# Needs keras, tensorflow, tf2onnx and onnx.
import pathlib
import sys

import keras
import numpy as np
from keras import layers

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "src/import/fixtures/onnx")
keras.utils.set_random_seed(1)


def sequential(*parts, features=4, frames=None):
    return keras.Sequential([keras.Input((frames, features)), *parts])


def functional():
    x = keras.Input((None, 4))
    y = layers.LSTM(5, return_sequences=True)(x)
    z = layers.LSTM(5, return_sequences=True)(layers.Concatenate()([x, y]))
    return keras.Model(x, layers.Dense(2, activation="sigmoid")(layers.Add()([y, z])))


zoo = {
    "keras_lstm": sequential(layers.LSTM(6, return_sequences=True), layers.Dense(3)),
    "keras_two_lstms": sequential(layers.LSTM(6, return_sequences=True, use_bias=False), layers.LSTM(5, return_sequences=True),
                                  layers.Dense(4, activation="relu"), layers.Dense(3, use_bias=False)),
    "keras_last": sequential(layers.BatchNormalization(), layers.LSTM(6), layers.Dropout(0.2), layers.Dense(5, activation="tanh"),
                             layers.Dense(3, activation="softmax")),
    "keras_functional": functional(),
    "keras_reverse": sequential(layers.LSTM(6, go_backwards=True, return_sequences=True), layers.Dense(3)),
    "keras_gru": sequential(layers.GRU(6, return_sequences=True), layers.Dense(3)),
    "keras_bidirectional": sequential(layers.Bidirectional(layers.LSTM(6, return_sequences=True))),
}
folder.mkdir(parents=True, exist_ok=True)
for name, model in zoo.items():
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([np.random.uniform(0.5, 2, w.shape) for w in layer.get_weights()])
        elif layer.weights:
            layer.set_weights([w if w.ndim > 1 else np.random.normal(0, 0.3, w.shape) for w in layer.get_weights()])
    x = np.random.normal(size=(3, 7, 4)).astype(np.float32)
    y = np.asarray(model(x))
    model.export(str(folder / f"{name}.onnx"), format="onnx", verbose=False)
    np.save(folder / f"{name}.x.npy", x)
    np.save(folder / f"{name}.y.npy", y)
    print(f"{name}: keras {keras.__version__}")
