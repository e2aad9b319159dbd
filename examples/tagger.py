#!/usr/bin/env python3
# A classifier of short sequences in Keras, as people tag jets with: a GRU of 20 cells, of which the last frame counts, a hidden layer and one
# probability. Writes tagger.keras, and tagger.x.npy with the outputs tagger.y.npy that Keras gives for it. Needs Keras 3 (pip install keras).
import os

os.environ.setdefault("KERAS_BACKEND", "numpy")
import keras
import numpy

keras.utils.set_random_seed(1)
model = keras.Sequential([keras.layers.Input((20, 6)), keras.layers.GRU(20), keras.layers.Dense(64, activation="relu"),
                          keras.layers.Dense(1, activation="sigmoid")])
x = numpy.random.default_rng(1).normal(size=(50, 20, 6)).astype("float32")
model.save("tagger.keras")
numpy.save("tagger.x.npy", x)
numpy.save("tagger.y.npy", numpy.asarray(model(x)))
