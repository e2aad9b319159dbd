"""erngen.compile of live Keras models, which give their own outputs for the comparison; needs Keras, of which Debian has no package."""
import os
import unittest

import numpy as np

import erngen
from helpers import InFolder, main, noise

os.environ.setdefault("KERAS_BACKEND", "numpy")
try:
    import keras
    from keras import layers
except ImportError:
    keras = None


def sequential(*parts, frames=None):
    return keras.Sequential([keras.Input((frames, 6), name="frames"), *parts])


def functional(build):
    x = keras.Input((None, 6))
    return keras.Model(x, build(x))


def residual(x):
    h = layers.Add()([layers.LSTM(6, return_sequences=True, name="encoder")(x), x])
    return layers.Dense(3, activation="tanh")(layers.Concatenate()([h, x]))


def arithmetic(x):
    h = layers.LSTM(6, return_sequences=True)(x)
    return layers.Dense(2)((1 - h) * 0.5 + x / 4 - 0.25)


MODELS = {} if keras is None else {
    "LSTM of 13": lambda: sequential(layers.LSTM(13, return_sequences=True), layers.Dense(5, activation="relu"),
                                     layers.Dense(1, activation="sigmoid")),
    "GRU, reset before": lambda: sequential(layers.GRU(7, return_sequences=True, reset_after=False), layers.TimeDistributed(layers.Dense(3))),
    "two GRUs": lambda: sequential(layers.GRU(9, return_sequences=True, use_bias=False), layers.Dropout(0.3), layers.GRU(5, return_sequences=True)),
    "normalised": lambda: sequential(layers.SimpleRNN(8, return_sequences=True), layers.BatchNormalization(), layers.Dense(2)),
    "the last frame": lambda: sequential(layers.GRU(11), layers.Dense(4), layers.Dense(4, activation="softmax")),
    "both directions": lambda: sequential(layers.Bidirectional(layers.LSTM(5, return_sequences=True)),
                                          layers.Bidirectional(layers.GRU(4, return_sequences=True), merge_mode="ave"), layers.Dense(2)),
    "residual": lambda: functional(residual),
    "arithmetic": lambda: functional(arithmetic),
    "a list of outputs": lambda: functional(lambda x: [layers.Dense(2, name="z")(x), layers.GRU(3, return_sequences=True, name="a")(x)]),
    "a table of outputs": lambda: functional(lambda x: {"z": layers.Dense(2)(x), "a": layers.GRU(3, return_sequences=True)(x)}),
}


def randomised(model, seed=3):
    """Biases and statistics that are not what they start from."""
    numbers = np.random.default_rng(seed)
    for weight in model.weights:
        if weight.dtype == "float32":
            values = np.asarray(weight) + numbers.normal(0, 0.3, weight.shape)
            weight.assign(np.abs(values) + 0.1 if "variance" in weight.path else values)
    return model


def outputs(model, x):
    y = model.predict(x, verbose=0)
    parts = list(y.values()) if isinstance(y, dict) else y if isinstance(y, list) else [y]
    return np.concatenate(parts, -1)


@unittest.skipIf(keras is None, "Keras is not installed")
class Models(InFolder):
    def test_a_network_computes_what_the_model_does(self):
        x = noise(3, 20, 6)
        for name, make in MODELS.items():
            with self.subTest(name):
                model = randomised(make())
                net = erngen.compile(model, x, weights=14, activations=14)
                self.assertGreater(net.report()["comparison"]["sqnr_db"], 100)
                y = outputs(model, x)
                self.assertGreater(net.check(x, y)["sqnr_db"], 35)
                self.assertEqual(net.predict(x).shape, y.shape)
                if name != "the last frame":  # its softmax is the host's
                    np.testing.assert_allclose(net.predict(x), y, atol=0.05)

    def test_hardware(self):
        x = noise(2, 12, 6)
        net = erngen.compile(randomised(MODELS["residual"]()), x)
        np.testing.assert_array_equal(net.simulate(x).outputs, net.predict(x))

    def test_weights_are_those_of_the_moment(self):
        model, x = randomised(MODELS["two GRUs"]()), noise(2, 20, 6)
        first = erngen.compile(model, x).predict(x)
        randomised(model, 4)
        net = erngen.compile(model, x)
        self.assertGreater(np.abs(net.predict(x) - first).max(), 0.1)
        self.assertGreater(net.check(x, outputs(model, x))["sqnr_db"], 30)

    def test_forms_of_the_input(self):
        parts = [noise(7, 6), noise(20, 6, seed=2), noise(7, 6, seed=3)]
        for name in ("LSTM of 13", "the last frame"):
            model = randomised(MODELS[name]())
            for x in (parts, parts[0], np.stack(parts[::2])):
                self.assertGreater(erngen.compile(model, x).report()["comparison"]["sqnr_db"], 100)
        flat = randomised(keras.Sequential([keras.Input((6,)), layers.Dense(5, activation="tanh"), layers.Dense(2)]))
        for x in (parts, parts[0], np.stack(parts[::2])):
            self.assertGreater(erngen.compile(flat, x).report()["comparison"]["sqnr_db"], 100)
        fixed = randomised(sequential(layers.LSTM(5, return_sequences=True), layers.Dense(2), frames=20))
        self.assertGreater(erngen.compile(fixed, noise(3, 20, 6)).report()["comparison"]["sqnr_db"], 100)
        with self.assertRaisesRegex(erngen.InputError, r"\[7, 20\] frames, sequential.* takes 20"):
            erngen.compile(fixed, parts)

    def test_a_stateful_model_keeps_its_states(self):
        model = keras.Sequential([keras.Input(batch_shape=(2, None, 6)), layers.GRU(5, stateful=True, return_sequences=True), layers.Dense(2)])
        randomised(model).predict_on_batch(noise(2, 4, 6))
        before = [np.asarray(state).copy() for state in model.layers[0].states]
        self.assertGreater(np.abs(before[0]).max(), 0.01)
        net = erngen.compile(model, noise(3, 20, 6))
        self.assertGreater(net.report()["comparison"]["sqnr_db"], 100)
        np.testing.assert_array_equal(before[0], np.asarray(model.layers[0].states[0]))

    def test_what_cannot_be_expressed_is_refused_by_name(self):
        class Own(keras.Model):
            def __init__(self):
                super().__init__(name="own")
                self.fc = layers.Dense(2)

            def call(self, x):
                return self.fc(x)

        two = [keras.Input((None, 6)), keras.Input((None, 6))]
        own = Own()
        own(noise(2, 3, 6))
        for model, text in [
                (sequential(layers.Bidirectional(layers.LSTM(4, return_sequences=True), merge_mode="mul", name="both")), "both.*'mul'"),
                (sequential(layers.LayerNormalization(name="norm")), "LayerNormalization.*norm"),
                (sequential(layers.Conv1D(4, 3, name="filter")), "Conv1D.*filter"),
                (keras.Model(two, layers.Add()(two), name="two"), "two: .* 2 inputs"),
                (sequential(sequential(layers.LSTM(6, return_sequences=True)), layers.Dense(3)), "is a model inside the model"),
                (own, "own: is a Own"),
                (keras.Sequential([layers.Dense(3)], name="unbuilt"), "unbuilt: .*\n  way out")]:
            with self.assertRaisesRegex(erngen.UnsupportedError, text) as caught:
                erngen.compile(model, noise(2, 20, 6))
            self.assertNotIn("/", str(caught.exception).replace("docs/", ""))


if __name__ == "__main__":
    main()
