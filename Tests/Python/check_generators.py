"""Checks a run's random numbers: written from their documentation, with nothing of Grail's.

    python3 check_generators.py FILE

FILE is JSON of what Grail gave: `generators` with seed, path, name, calls and results, `seeds` with
seed, path and result, `quantiles` with offset and result. Whole numbers are texts, and doubles are
texts of the 16 digits of their bits. It prints each difference and ends with 1 if there is one.
"""

import hashlib
import json
import math
import statistics
import struct
import sys

MASK = (1 << 64) - 1


def digest(tag, seed, *texts):
    data = tag.encode() + struct.pack("<q", seed)
    for text in texts:
        data += struct.pack("<Q", len(text.encode())) + text.encode()
    return list(struct.unpack("<4Q", hashlib.sha256(data).digest()))


def rotated(number, count):
    return (number << count | number >> (64 - count)) & MASK


def logarithm(number):
    """fdlibm's natural logarithm, of which Python's own may differ in the last bit."""
    fraction, exponent = math.frexp(number)
    fraction, exponent = fraction * 2, exponent - 1
    if fraction > 2**0.5:
        fraction, exponent = fraction / 2, exponent + 1
    f = fraction - 1
    half = 0.5 * f * f
    s = f / (2 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    upper, lower = 6.93147180369123816490e-01, 1.90821492927058770002e-10
    return s * (half + (odd + even)) + exponent * lower - half + f + exponent * upper


# Wichura's PPND16, AS 241: numerator and denominator, from the highest power down.
CENTRAL = (
    [2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080],
    [5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
     5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1.0],
)  # fmt: skip
MIDDLE = (
    [7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
     4.63033784615654529590, 1.42343711074968357734],
    [1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940,
     2.05319162663775882187, 1.0],
)  # fmt: skip
FAR = (
    [2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580,
     5.46378491116411436990, 6.65790464350110377720],
    [2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0],
)  # fmt: skip


def quotient(polynomials, place, factor=1.0):
    values = []
    for coefficients in polynomials:
        total = 0.0
        for coefficient in coefficients:
            total = total * place + coefficient
        values.append(total)
    return factor * values[0] / values[1]


def quantile(offset):
    distance = abs(offset)
    if distance <= 0.425:
        return quotient(CENTRAL, 0.180625 - offset * offset, offset)
    depth = math.sqrt(-logarithm(0.5 - distance))
    found = quotient(MIDDLE, depth - 1.6) if depth <= 5 else quotient(FAR, depth - 5)
    return math.copysign(found, offset)


class Generator:
    def __init__(self, seed, path, name):
        self.state = digest("grail.generator.1", seed, path, name)

    def next(self):
        state = self.state
        result = (rotated((state[0] + state[3]) & MASK, 23) + state[0]) & MASK
        shifted = state[1] << 17 & MASK
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = rotated(state[3], 45)
        return result

    def uniform(self):
        return (self.next() >> 11) / 2**53

    def uniform_in(self, lower, upper):
        share = self.uniform()
        if math.isinf(lower) or math.isinf(upper):
            return math.nan
        width = upper - lower
        number = lower + width * share
        if math.isinf(width):
            number = (lower / 2 + (upper / 2 - lower / 2) * share) * 2
        return max(lower, min(number, math.nextafter(upper, -math.inf)))

    def int(self, lower, upper):
        count = upper - lower + 1
        while True:
            product = self.next() * count
            if product & MASK >= (1 << 64) % count:
                return lower + (product >> 64)

    def bool(self, probability):
        return int(self.uniform() < probability)

    def normal(self, mean, deviation):
        return mean + deviation * quantile(((self.next() >> 12) - 2**51 + 0.5) / 2**52)

    def shuffled(self, count):
        elements = list(range(count))
        for place in range(count - 1, 0, -1):
            other = self.int(0, place)
            elements[place], elements[other] = elements[other], elements[place]
        return elements

    def choice(self, count):
        return self.int(0, count - 1) if count else None

    def sample(self, count, wanted):
        elements = list(range(count))
        for place in range(min(wanted, count)):
            other = self.int(place, count - 1)
            elements[place], elements[other] = elements[other], elements[place]
        return elements[:wanted]


def number(text):
    return struct.unpack(">d", bytes.fromhex(text))[0]


def shown(value):
    if isinstance(value, float):
        return struct.pack(">d", abs(value) if math.isnan(value) else value).hex()
    return " ".join(map(shown, value)) if isinstance(value, list) else str(value)


def differences(given):
    for one in given["generators"]:
        generator = Generator(int(one["seed"]), one["path"], one["name"])
        for place, (call, result) in enumerate(zip(one["calls"], one["results"], strict=True)):
            method, arguments = call[0], call[1:]
            read = number if method in ("uniform_in", "normal", "bool") else int
            expected = shown(getattr(generator, method)(*map(read, arguments)))
            if expected != result:
                yield one["seed"], one["path"], one["name"], place, call, result, expected
                break
    for one in given["seeds"]:
        expected = 1 + digest("grail.seed.1", int(one["seed"]), one["path"])[0] % 10**9
        if str(expected) != one["result"]:
            yield "seed", one, expected
    for one in given["quantiles"]:
        offset = number(one["offset"])
        expected = quantile(offset)
        if shown(expected) != one["result"]:
            yield "quantile", one, expected
        # What is written above against Python's own: it would show a mistake that both make.
        share = 0.5 - abs(offset)
        if not math.isclose(logarithm(share), math.log(share), rel_tol=3e-16):
            yield "logarithm", share, logarithm(share), math.log(share)
        own = -math.copysign(statistics.NormalDist().inv_cdf(share), -offset)
        own = math.copysign(own, offset)
        if not math.isclose(expected, own, rel_tol=1e-14):
            yield "quantile", offset, expected, own


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        found = list(differences(json.load(file)))
    for difference in found:
        print(*difference)
    sys.exit(1 if found else 0)
