// Which widths a network gets under those that were asked for.
#pragma once

#include <functional>

#include "cell/formats.hpp"

namespace erngen {

/// Where rounding errors cancel is chance, and differs from one width to the next: with a bit more a network may lose
/// decibels. A setting contains all narrower ones, so the best of them is taken where it is better than the widest by
/// more than these decibels; with less, the user keeps the widths asked for. As far as narrower ones are looked at, no
/// bit more loses more than that.
inline constexpr double worth_fewer_bits = 0.4;

/// The setting that loses least: the widths asked for, or fewer bits. Narrower widths are looked at one bit at a time,
/// further only from those within `near` decibels of the widest. A bit of which the errors consist costs 6 dB, one of
/// weights or of activations alone in balance 3. `search` finds a precision for widths, `sqnr` gives decibels.
Setting best_widths(const Widths& widest, double near, const std::function<Precision(const Widths&)>& search,
                    const std::function<double(const Setting&)>& sqnr);

}  // namespace erngen
