//! Colours as eyes see them: mixed evenly, and told apart.

use super::theme::Rgb;

/// The least contrast of words with their ground. Source: WCAG 2.2, success criterion 1.4.3.
pub const LEAST_CONTRAST: f64 = 4.5;

/// The contrast of two colours, 1 to 21. Source: WCAG 2.2, the definitions of contrast ratio and relative luminance.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let luminance = |(r, g, b): Rgb| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Light of a part of a colour, 0 to 1. Source: IEC 61966-2-1 (sRGB).
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

/// A part of the way from one colour to another. Mixed in Oklab, so that equal parts look equally far apart.
pub fn mix(from: Rgb, to: Rgb, part: f64) -> Rgb {
    let (a, b) = (oklab(from), oklab(to));
    rgb([0, 1, 2].map(|k| a[k] + (b[k] - a[k]) * part))
}

/// Lightness, 0 to 1, and the two axes of hue. Source: <https://bottosson.github.io/posts/oklab/>
pub fn oklab((r, g, b): Rgb) -> [f64; 3] {
    let (r, g, b) = (linear(r), linear(g), linear(b));
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

fn rgb([l, a, b]: [f64; 3]) -> Rgb {
    let cube = |v: f64| v * v * v;
    let x = cube(l + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let y = cube(l - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let z = cube(l - 0.089_484_177_5 * a - 1.291_485_548_0 * b);
    let byte = |c: f64| {
        let c = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (c * 255.0).round().clamp(0.0, 255.0) as u8
    };
    (
        byte(4.076_741_662_1 * x - 3.307_711_591_3 * y + 0.230_969_929_2 * z),
        byte(-1.268_438_004_6 * x + 2.609_757_401_1 * y - 0.341_319_396_5 * z),
        byte(-0.004_196_086_3 * x - 0.703_418_614_7 * y + 1.707_614_701_0 * z),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::theme::Theme;

    #[test]
    fn contrast_is_that_of_the_definition() {
        assert_eq!(contrast((0, 0, 0), (255, 255, 255)), 21.0);
        assert_eq!(contrast((18, 52, 86), (18, 52, 86)), 1.0);
        // The grey that the definition's authors give as the lightest for words on white.
        assert!((contrast((0x76, 0x76, 0x76), (255, 255, 255)) - 4.54).abs() < 0.005);
    }

    #[test]
    fn a_colour_comes_back_from_oklab() {
        let theme = Theme::LIGHT;
        for colour in [theme.field.0, theme.field.1, theme.accent, (0, 0, 0), (255, 255, 255)] {
            let back = rgb(oklab(colour));
            let off = |a: u8, b: u8| a.abs_diff(b);
            assert!(
                off(back.0, colour.0) <= 1 && off(back.1, colour.1) <= 1 && off(back.2, colour.2) <= 1,
                "{colour:?} {back:?}"
            );
        }
    }
}
