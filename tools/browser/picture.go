package main

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"

	"github.com/chromedp/chromedp"
)

// picture takes a PNG of a page, as high as is asked for; 0: the whole of it.
func (b *browser) picture(file string, v view, height int) ([]byte, error) {
	var raw []byte
	err := b.open(file, v, func(any) {}, func(tab context.Context) error {
		taken, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
		raw = taken
		return err
	})
	if err != nil {
		return nil, err
	}
	return squeeze(raw, height)
}

// squeeze writes a PNG anew with a palette of the colours that are used most;
// that makes it half as large, and a page is of few colours. The same picture
// gives the same bytes.
func squeeze(raw []byte, height int) ([]byte, error) {
	decoded, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	bounds := decoded.Bounds()
	if height > 0 {
		bounds.Max.Y = min(bounds.Max.Y, bounds.Min.Y+height)
	}
	small := image.NewPaletted(bounds, palette(decoded))
	nearest := map[color.RGBA]uint8{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := opaque(decoded.At(x, y))
			index, known := nearest[c]
			if !known {
				index = uint8(small.Palette.Index(c)) // of 256 at most
				nearest[c] = index
			}
			small.SetColorIndex(x, y, index)
		}
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, small); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// palette is the 256 colours that most of the picture is made of.
func palette(picture image.Image) color.Palette {
	count := map[color.RGBA]int{}
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[opaque(picture.At(x, y))]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var most color.Palette
	for _, c := range colors[:min(256, len(colors))] {
		most = append(most, c)
	}
	return most
}

// opaque drops the alpha channel: a page has a background.
func opaque(c color.Color) color.RGBA {
	r, g, b, _ := c.RGBA()
	return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}
}
