//! Colours and strokes of the roles, in three themes. The style sheet is tested against this file.

use crate::contract::figure::Role;

use super::colour::{LEAST_CONTRAST, contrast, mix};

/// Red, green, blue.
pub type Rgb = (u8, u8, u8);

/// How a line of a role is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub colour: Rgb,
    /// Width in CSS pixels.
    pub width: f64,
    /// Lengths of dashes and gaps in CSS pixels; empty for a full line.
    pub dash: &'static [f64],
}

/// One theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// The name in addresses and in the style sheet.
    pub key: &'static str,
    /// The page.
    pub paper: Rgb,
    /// Text and what is given.
    pub ink: Rgb,
    /// Secondary text and axes' words.
    pub muted: Rgb,
    /// Hairlines that part and guide.
    pub hairline: Rgb,
    /// The edge of a control: at least 3:1 on the paper.
    pub edge: Rgb,
    /// The faint ground under marks.
    pub ground: Rgb,
    /// The wash behind what is chosen.
    pub wash: Rgb,
    /// The one accent.
    pub accent: Rgb,
    /// Alternatives A to E.
    pub a: Rgb,
    /// See [`Role::B`].
    pub b: Rgb,
    /// See [`Role::C`].
    pub c: Rgb,
    /// See [`Role::D`].
    pub d: Rgb,
    /// See [`Role::E`].
    pub e: Rgb,
    /// Low and high end of a field of values.
    pub field: (Rgb, Rgb),
    /// Factor on every stroke; the projector doubles them.
    pub weight: f64,
    /// Size of the text in figures, CSS pixels.
    pub type_size: f64,
}

/// How far a wash is on its way from the paper to the accent; the washes of the house lie nearby.
const WASH: f64 = 0.12;

impl Theme {
    /// Warm paper, near-black ink.
    pub const LIGHT: Self = Self {
        key: "light",
        paper: hex(0xfa_f8_f3),
        ink: hex(0x1d_1c_1a),
        muted: hex(0x68_64_5c),
        hairline: hex(0xdc_d6_c9),
        edge: hex(0x8d_88_7d),
        ground: hex(0xdf_dd_d8),
        wash: hex(0xf3_e4_de),
        accent: hex(0xb6_33_1e),
        a: hex(0x0c_40_56),
        b: hex(0x5e_52_d3),
        c: hex(0x52_42_39),
        d: hex(0x2b_7b_4e),
        e: hex(0xa7_4c_83),
        field: (hex(0xf6_f2_e8), hex(0x12_4d_6c)),
        weight: 1.0,
        type_size: 12.0,
    };

    /// Blue-black paper, the same roles.
    pub const DARK: Self = Self {
        key: "dark",
        paper: hex(0x13_16_1b),
        ink: hex(0xec_e8_df),
        muted: hex(0xa1_a5_ac),
        hairline: hex(0x2d_33_3b),
        edge: hex(0x6b_72_7c),
        ground: hex(0x30_33_38),
        wash: hex(0x35_24_22),
        accent: hex(0xf2_8a_5a),
        a: hex(0x7c_cc_f0),
        b: hex(0x99_87_db),
        c: hex(0x91_85_72),
        d: hex(0xb5_f0_a7),
        e: hex(0xb5_7c_9d),
        field: (hex(0x1a_1f_26), hex(0x9a_d4_ef)),
        weight: 1.0,
        type_size: 12.0,
    };

    /// Black on white, strong strokes, large type: for the back row.
    pub const PROJECTOR: Self = Self {
        key: "projector",
        paper: hex(0xff_ff_ff),
        ink: hex(0x00_00_00),
        muted: hex(0x3c_3c_3c),
        hairline: hex(0xc4_c4_c4),
        edge: hex(0x5a_5a_5a),
        ground: hex(0xd8_d8_d8),
        wash: hex(0xfd_ec_e6),
        accent: hex(0x9c_12_07),
        a: hex(0x04_41_ec),
        b: hex(0x4a_22_93),
        c: hex(0x31_1c_08),
        d: hex(0x04_63_40),
        e: hex(0x77_44_67),
        field: (hex(0xf4_f4_f4), hex(0x00_33_55)),
        weight: 2.0,
        type_size: 18.0,
    };

    /// All themes.
    pub const ALL: [&'static Self; 3] = [&Self::LIGHT, &Self::DARK, &Self::PROJECTOR];

    /// The theme with another accent, and the wash that goes with it. What would be hard to read on the paper or on the wash comes
    /// nearer to the ink until it is not.
    #[must_use]
    pub fn with_accent(&self, wish: Rgb) -> Self {
        let worn = |accent: Rgb| Self { accent, wash: mix(self.paper, accent, WASH), ..*self };
        let is_clear =
            |theme: &Self| [theme.paper, theme.wash].iter().all(|ground| contrast(theme.accent, *ground) >= LEAST_CONTRAST);
        let nearer = (1..20).map(|part| mix(wish, self.ink, f64::from(part) / 20.0));
        std::iter::once(wish).chain(nearer).map(worn).find(is_clear).unwrap_or_else(|| worn(self.ink))
    }

    /// The theme of a name.
    pub fn of_key(key: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|theme| theme.key == key)
    }

    /// The colour of a role.
    pub const fn colour(&self, role: Role) -> Rgb {
        match role {
            Role::Truth => self.ink,
            Role::Estimate => self.accent,
            Role::A => self.a,
            Role::B => self.b,
            Role::C => self.c,
            Role::D => self.d,
            Role::E => self.e,
            Role::Guide | Role::Never => self.muted,
        }
    }

    /// The stroke of a role.
    pub const fn stroke(&self, role: Role) -> Stroke {
        let (width, dash): (f64, &'static [f64]) = match role {
            Role::Truth => (1.25, &[]),
            Role::Estimate => (2.5, &[]),
            Role::A => (1.75, &[7.0, 3.5]),
            Role::B => (2.0, &[2.0, 3.0]),
            Role::C => (1.75, &[12.0, 4.0]),
            Role::D => (1.75, &[8.0, 3.0, 2.0, 3.0]),
            Role::E => (1.75, &[4.0, 2.5]),
            Role::Guide => (1.0, &[]),
            Role::Never => (1.0, &[3.0, 3.0]),
        };
        Stroke { colour: self.colour(role), width: width * self.weight, dash }
    }
}

const fn hex(code: u32) -> Rgb {
    ((code >> 16) as u8, (code >> 8) as u8, code as u8)
}

/// `#rrggbb`
pub fn css((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_is_worn_as_it_is_where_words_in_it_can_be_read() {
        let green = hex(0x0b_6e_4f);
        let worn = Theme::LIGHT.with_accent(green);
        assert_eq!((worn.accent, worn.ink, worn.colour(Role::Estimate)), (green, Theme::LIGHT.ink, green));
        // The house's own accents pass the rule, and their washes are those of the rule, nearly.
        for theme in Theme::ALL {
            let own = theme.with_accent(theme.accent);
            assert_eq!(own.accent, theme.accent, "{}", theme.key);
            assert!(own.wash.0.abs_diff(theme.wash.0) < 14, "{}", theme.key);
        }
    }

    #[test]
    fn an_accent_that_is_hard_to_read_comes_nearer_to_the_ink() {
        for theme in Theme::ALL {
            for wish in [theme.paper, theme.wash, hex(0xff_ff_00), hex(0x0b_6e_4f), hex(0x7f_7f_7f)] {
                let worn = theme.with_accent(wish);
                for ground in [worn.paper, worn.wash] {
                    assert!(contrast(worn.accent, ground) >= LEAST_CONTRAST, "{} {wish:?}", theme.key);
                }
            }
        }
        let (r, g, b) = Theme::DARK.with_accent(hex(0x0b_6e_4f)).accent;
        assert!(g > r && g > b, "green stays green: {r} {g} {b}");
    }
}
