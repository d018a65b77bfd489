/// An exponential moving average whose beginning is not drawn to zero, as TensorBoard smooths.
///
/// With `sᵢ = w·sᵢ₋₁ + (1 − w)·yᵢ` from `s₀ = 0`, the smoothed value is `sᵢ / (1 − wⁱ)`.
///
/// - SeeAlso: `resmoothDataset` of TensorBoard's line chart; Kingma and Ba, “Adam”, section 3, for
///   the correction.
package struct Smoothing: Hashable, Sendable {
  /// The share of the past, 0 for none of it, less than 1.
  package let weight: Double

  /// Creates a smoothing.
  ///
  /// - Parameter weight: The share of the past; what is beyond 0 and 0.9999 is taken for these.
  package init(weight: Double) {
    self.weight = weight.isNaN ? 0 : min(max(weight, 0), 0.9999)
  }

  /// The smoothed values; what is infinite or not a number stays, and counts for nothing.
  ///
  /// - Complexity: O(*n*)
  package func applied(to values: [Double]) -> [Double] {
    guard weight > 0 else { return values }
    var (last, share) = (0.0, 1.0)
    return values.map { value in
      guard value.isFinite else { return value }
      last = last * weight + (1 - weight) * value
      share *= weight
      let smoothed = last / (1 - share)
      return smoothed.isFinite ? smoothed : value
    }
  }
}
