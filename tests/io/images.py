"""Files of records with images, for the tests of iterators."""

from __future__ import annotations

import cv2
import numpy as np

import glueball as mx


def coordinates(height, width, number=0):
    """An image whose red and green say where a pixel is: red is x, green is y."""
    y, x = np.mgrid[:height, :width]
    return np.stack([x * 7 + y * 3 + number * 11, y, x], 2).astype(np.uint8)


def smooth(height, width, number):
    """An image with soft colors, as a photograph has."""
    coarse = np.random.RandomState(number).randint(0, 256, (height // 16 + 2, width // 16 + 2, 3)).astype(np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)


def write(path, images, labels=None, ending=".png", quality=9):
    """Write a file of records, with its index beside it."""
    record = mx.recordio.MXIndexedRecordIO(path.with_suffix(".idx"), path, "w")
    for number, image in enumerate(images):
        label = float(number) if labels is None else labels[number]
        record.write_idx(number, mx.recordio.pack_img((0, label, number, 0), image, quality, ending))
    record.close()


def write_all(folder):
    """Write the files that tests use."""
    write(folder / "co.rec", [coordinates(60 + number, 80 + number, number) for number in range(10)])
    write(folder / "small.rec", [coordinates(20 + number, 30, number) for number in range(10)])
    write(folder / "jpg.rec", [smooth(100 + 3 * n, 120 + n, n) for n in range(10)], ending=".jpg", quality=90)
    write(folder / "gray.rec", [smooth(40, 50, number)[..., 0] for number in range(10)], ending=".jpg", quality=90)
    write(folder / "rgba.rec", [np.dstack([coordinates(40, 50), np.full((40, 50), n, np.uint8)]) for n in range(10)])
    write(folder / "three.rec", [coordinates(40, 50)] * 10, labels=[[n, n + 0.5, 2] for n in range(10)])
    write(folder / "many.rec", [coordinates(4, 4, number) for number in range(700)])
    noise = np.random.RandomState(0).randint(0, 256, (600, 600, 3)).astype(np.uint8)
    write(folder / "large.rec", [noise] * 40)
    lines = (folder / "co.idx").read_text().splitlines()
    (folder / "even.idx").write_text("\n".join(lines[::2]) + "\n")
    (folder / "odd.idx").write_text("\n".join(lines[:0:-2]) + "\n")
    (folder / "co.lst").write_text("".join(f"{number}\t{number + 100.5}\tx{number}.jpg\n" for number in range(10)))


def boxes(number):
    """Labels of an image: one to three boxes, with two numbers before them."""
    found = [2, 5]
    for k in range(1 + number % 3):
        found += [(number + k) % 3, 0.1 + 0.01 * number + 0.1 * k, 0.2, 0.5 + 0.05 * k, 0.6 + 0.01 * number]
    return found


def write_boxes(folder):
    """Write the files of images with boxes that tests use."""
    labels = [boxes(number) for number in range(10)]
    write(folder / "det.rec", [coordinates(60 + number, 80, number) for number in range(10)], labels)
    write(folder / "jpg.rec", [smooth(64, 48, number) for number in range(10)], labels, ending=".jpg", quality=90)
    more = [[4, 6, 60, 80, *[1, 0.1, 0.2, 0.5, 0.6, 0] * (1 + number % 2)] for number in range(10)]
    write(folder / "more.rec", [coordinates(60, 80, number) for number in range(10)], more)
    write(folder / "plain.rec", [coordinates(60, 80, number) for number in range(10)])
    write(folder / "one.rec", [coordinates(60, 80)] * 40, [[2, 5, 1, 0.2, 0.3, 0.6, 0.8]] * 40)
    write(folder / "soft.rec", [smooth(60, 80, 3)] * 40, [[2, 5, 1, 0.2, 0.3, 0.6, 0.8]] * 40)
    lines = [f"{number}\t2\t5\t1\t0.1\t0.2\t0.3\t0.{4 + number % 5}\tx{number}.jpg\n" for number in range(10)]
    (folder / "boxes.lst").write_text("".join(lines))
