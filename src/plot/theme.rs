//! Colours and strokes of the roles, in three themes. The style sheet is tested against this file.

use crate::contract::figure::Role;

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
