//! The colours of the three themes: text and lines can be read, and no two kinds of data are told apart by colour alone.

use palette::color_difference::Ciede2000;
use palette::{FromColor, IntoColor, Lab, LinSrgb, Srgb};
use yansuan::contract::figure::Role;
use yansuan::plot::theme::{Rgb, Theme, css};

/// The kinds of data that stand beside each other in one figure.
const DATA: [Role; 7] = [Role::Truth, Role::Estimate, Role::A, Role::B, Role::C, Role::D, Role::E];

/// Dichromatic sight, severity 1, for linear RGB.
/// Source: Machado, Oliveira, Fernandes 2009, <https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html>.
const SIGHTS: [(&str, [[f64; 3]; 3]); 4] = [
    ("normal sight", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]]),
    ("deuteranopia", [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]]),
    ("tritanopia", [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]]),
];

fn linear((r, g, b): Rgb) -> LinSrgb<f64> {
    Srgb::new(r, g, b).into_format::<f64>().into_linear()
}

/// What a colour looks like to an eye.
fn seen(colour: Rgb, sight: &[[f64; 3]; 3]) -> Lab<palette::white_point::D65, f64> {
    let LinSrgb { red, green, blue, .. } = linear(colour);
    let [r, g, b] = sight.map(|row| (row[0] * red + row[1] * green + row[2] * blue).clamp(0.0, 1.0));
    Lab::from_color(LinSrgb::new(r, g, b))
}

/// Source: WCAG 2.2, contrast ratio.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let luminance = |colour: Rgb| {
        let LinSrgb { red, green, blue, .. } = linear(colour);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_text_has_the_contrast_of_its_theme() {
    let mut smallest = f64::INFINITY;
    for theme in Theme::ALL {
        let wanted = if theme.key == "projector" { 7.0 } else { 4.5 };
        // Words stand on paper and, in buttons that are chosen and in notices, on the wash; labels of figures have the colours of the data.
        let texts = [("ink", theme.ink), ("muted", theme.muted), ("accent", theme.accent)];
        let mut pairs: Vec<(String, Rgb, Rgb)> =
            texts.iter().map(|(name, ink)| (format!("{name} on paper"), *ink, theme.paper)).collect();
        pairs.extend(
            [("ink", theme.ink), ("accent", theme.accent)].map(|(name, ink)| (format!("{name} on wash"), ink, theme.wash)),
        );
        pairs.extend(DATA.iter().map(|role| (format!("a label of {role:?}"), theme.colour(*role), theme.paper)));
        for (name, ink, ground) in pairs {
            let found = contrast(ink, ground);
            assert!(found >= wanted, "{}: {name}, {} on {}: {found:.2}:1, not {wanted}:1", theme.key, css(ink), css(ground));
            smallest = smallest.min(found / wanted);
        }
    }
    println!("gate · contrast · every text at least {smallest:.2} times what it must have");
}

#[test]
fn every_line_and_control_stands_out_from_the_paper() {
    for theme in Theme::ALL {
        let graphics = DATA.iter().chain(&[Role::Guide, Role::Never]).map(|role| (format!("{role:?}"), theme.colour(*role)));
        // The edge of fields and buttons, and the ring of the focus, which has the colour of the accent.
        for (name, colour) in graphics.chain([("edge".to_owned(), theme.edge), ("focus".to_owned(), theme.accent)]) {
            let found = contrast(colour, theme.paper);
            assert!(found >= 3.0, "{}: {name}: {found:.2}:1", theme.key);
        }
    }
}

#[test]
fn any_two_kinds_of_data_are_told_apart_by_every_eye_and_without_colour_too() {
    let mut smallest = f32::INFINITY;
    for theme in Theme::ALL {
        for (at, a) in DATA.iter().enumerate() {
            for b in &DATA[at + 1..] {
                for (sight, matrix) in &SIGHTS {
                    let (first, second) = (seen(theme.colour(*a), matrix), seen(theme.colour(*b), matrix));
                    let apart = first.difference(second) as f32;
                    assert!(apart >= 12.0, "{}: {a:?} and {b:?} are ΔE00 {apart:.1} apart for {sight}", theme.key);
                    smallest = smallest.min(apart);
                }
                let (first, second) = (theme.stroke(*a), theme.stroke(*b));
                // What is given is a fine full line, what is looked at a full one of twice its weight; all others are dashed.
                let by_weight = (first.width / second.width).max(second.width / first.width) >= 2.0;
                assert!(first.dash != second.dash || by_weight, "{}: {a:?} and {b:?} differ by colour alone", theme.key);
            }
        }
    }
    println!("gate · colours · any two kinds of data at least ΔE00 {smallest:.1} apart in four sights and three themes");
}

#[test]
fn fields_of_values_grow_steadily_from_light_to_dark_or_back() {
    for theme in Theme::ALL {
        let lightness = |colour: Rgb| -> f64 {
            let lab: Lab<palette::white_point::D65, f64> = linear(colour).into_color();
            lab.l
        };
        let (low, high) = (lightness(theme.field.0), lightness(theme.field.1));
        assert!((low - high).abs() > 40.0, "{}: a field goes from {low:.0} to {high:.0}", theme.key);
        assert!((low - lightness(theme.paper)).abs() < 12.0, "{}: a field begins far from the paper", theme.key);
    }
}
