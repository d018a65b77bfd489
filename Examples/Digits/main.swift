// Trains a small network to read handwritten digits.

import Foundation

let settings = Settings()
do {
  let data = try DigitsData(contentsOf: settings.data)
  var trainer = try Trainer(settings, data: data, seed: 1)
  for epoch in 0..<settings.epochs {
    let loss = trainer.epoch()
    let accuracy = trainer.accuracy(on: trainer.test)
    print(String(format: "epoch %2d  loss %.4f  test accuracy %.4f", epoch, loss, accuracy))
  }
  print(trainer.confusion(on: trainer.test), terminator: "")
} catch {
  FileHandle.standardError.write(Data("digits: \(error)\n".utf8))
  exit(1)
}
