/// A matrix of single-precision numbers, stored row by row.
struct Matrix: Sendable {
  let rows: Int
  let columns: Int
  /// The entries, `[rows, columns]`.
  var values: [Float]

  /// Creates a matrix of zeros.
  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    self.values = Array(repeating: 0, count: rows * columns)
  }

  /// The positions of a row's entries in ``values``.
  func range(ofRow row: Int) -> Range<Int> {
    row * columns..<(row + 1) * columns
  }

  /// Returns the given rows, in the given order.
  func selecting(_ rows: some Collection<Int>) -> Matrix {
    var result = Matrix(rows: rows.count, columns: columns)
    for (target, source) in rows.enumerated() {
      result.values.replaceSubrange(
        result.range(ofRow: target), with: values[range(ofRow: source)])
    }
    return result
  }

  /// Returns the matrix with rows and columns exchanged.
  func transposed() -> Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns {
        result.values[column * rows + row] = values[row * columns + column]
      }
    }
    return result
  }

  /// Returns the product of two matrices, `[a, b]` times `[b, c]`.
  ///
  /// - Complexity: O(*a* · *b* · *c*), without the terms where `left` is zero.
  static func * (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.columns == right.rows, "the shapes of a product must fit")
    var result = Matrix(rows: left.rows, columns: right.columns)
    let width = right.columns
    // Pointers let the compiler turn the innermost loop into vector instructions.
    result.values.withUnsafeMutableBufferPointer { sum in
      right.values.withUnsafeBufferPointer { right in
        for row in 0..<left.rows {
          for inner in 0..<left.columns {
            let factor = left.values[row * left.columns + inner]
            guard factor != 0 else { continue }
            for column in 0..<width {
              sum[row * width + column] += factor * right[inner * width + column]
            }
          }
        }
      }
    }
    return result
  }
}
