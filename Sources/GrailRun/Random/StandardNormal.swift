/// The quantiles of the standard normal distribution, to the last bit the same on every system.
///
/// The arithmetic is addition, subtraction, multiplication, division and the square root, all of
/// which IEEE 754 rounds exactly, in the order that is written here; nothing comes from the system's
/// mathematical library, whose logarithms differ. Swift never joins a multiplication and an addition
/// into one that rounds once. Constants are in hexadecimal, which means one number everywhere; a
/// decimal one may be rounded twice where the compiler has longer numbers at hand.
enum StandardNormal {
  /// Returns the quantile at ½ + offset: the number that a share of ½ + offset lies below.
  ///
  /// Wichura's PPND16 of Algorithm AS 241: quotients of polynomials of degree 7, one near the middle
  /// and two in the tails, there in √(-ln p). Its relative error is about 10⁻¹⁶.
  ///
  /// - Parameter offset: More than -½ and less than ½.
  /// - Returns: The quantile, the negative one for the negative offset.
  static func quantile(atOffset offset: Double) -> Double {
    let distance = offset.magnitude
    if distance <= 0x1.b333333333333p-2 {  // 0.425
      let place = 0x1.71eb851eb851fp-3 - offset * offset  // 0.425²
      let numerator = polynomial(
        place,
        0x1.b18d91e9eef75p1, 0x1.0a4888b1a436ep7, 0x1.ece5d2213c0ccp10,
        0x1.ad1d8cd4ee71dp13, 0x1.66c3e869b752ap15, 0x1.06c1c55b78f2p16,
        0x1.052d26b2e45e4p15, 0x1.39a296f7d925ep11)
      let denominator = polynomial(
        place,
        0x1p0, 0x1.5281b386e1ab5p5, 0x1.5797efdc8b3f7p9,
        0x1.512322e75c89fp12, 0x1.4b772d5d65266p14, 0x1.3317caa64f4bep15,
        0x1.c0e457cb1ae76p14, 0x1.46a7eca984b69p12)
      return offset * numerator / denominator
    }
    let depth = (-logarithm(0.5 - distance)).squareRoot()
    let (numerator, denominator): (Double, Double)
    if depth <= 5 {
      let place = depth - 0x1.999999999999ap0  // 1.6
      numerator = polynomial(
        place,
        0x1.6c665fde9526ap0, 0x1.2857748cab19bp2, 0x1.713f71462256ap2,
        0x1.d2ecb1a3d02c4p1, 0x1.453cc085375b2p0, 0x1.ef2abb9b85c37p-3,
        0x1.744eb6c45ec67p-6, 0x1.9615ac0b7ace9p-11)
      denominator = polynomial(
        place,
        0x1p0, 0x1.06cefbb46a449p1, 0x1.ad278e6526633p0,
        0x1.61292f23385c9p-1, 0x1.2f5123394f04p-3, 0x1.f207a7eab17bfp-7,
        0x1.1f18cbfdf2728p-11, 0x1.20d3f686439e4p-30)
    } else {
      let place = depth - 5
      numerator = polynomial(
        place,
        0x1.aa1b1c13ee526p2, 0x1.5daea6e875003p2, 0x1.c8ea6461fa445p0,
        0x1.2fad9315255cfp-2, 0x1.b2b41193b4ee7p-6, 0x1.45c1908425345p-10,
        0x1.c6ec6cc59e02ap-16, 0x1.afb74d693bf93p-23)
      denominator = polynomial(
        place,
        0x1p0, 0x1.331d34fc7d77fp-1, 0x1.186eb183443fbp-3,
        0x1.e76f93215462ap-7, 0x1.9c8bc979dc5d7p-11, 0x1.35c2c496374bfp-16,
        0x1.31446f740b9ep-23, 0x1.269bff1f8c190p-49)
    }
    let quantile = numerator / denominator
    return offset < 0 ? -quantile : quantile
  }

  /// Returns the natural logarithm of a positive, normal number, less than one unit in the last place
  /// off.
  ///
  /// The method and the constants of fdlibm: with x = 2ⁿ(1 + f), √½ ≤ 1 + f ≤ √2, and s = f/(2 + f),
  /// ln(1 + f) = f - f²/2 + s(f²/2 + R), where R is a polynomial in s².
  static func logarithm(_ number: Double) -> Double {
    var (fraction, exponent) = (number.significand, number.exponent)
    if fraction > 0x1.6a09e667f3bcdp0 {  // √2
      fraction *= 0.5
      exponent += 1
    }
    let f = fraction - 1
    let halfSquare = 0.5 * f * f
    let s = f / (2 + f)
    let z = s * s
    let w = z * z
    let even = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3))
    let odd =
      z
      * (0x1.5555555555593p-1
        + w * (0x1.2492494229359p-2 + w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)))
    let n = Double(exponent)
    // The natural logarithm of 2 in two parts, of which the greater has zeros at its end.
    let (upper, lower) = (0x1.62e42feep-1, 0x1.a39ef35793c76p-33)
    return s * (halfSquare + (odd + even)) + n * lower - halfSquare + f + n * upper
  }

  /// Returns the value of a polynomial, whose coefficients begin with that of the lowest power, by
  /// Horner's rule from the highest power down.
  @inline(__always)
  private static func polynomial(
    _ place: Double, _ c0: Double, _ c1: Double, _ c2: Double, _ c3: Double, _ c4: Double,
    _ c5: Double, _ c6: Double, _ c7: Double
  ) -> Double {
    let upper = ((c7 * place + c6) * place + c5) * place + c4
    return (((upper * place + c3) * place + c2) * place + c1) * place + c0
  }
}
