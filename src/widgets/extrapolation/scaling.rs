//! `rope_scaling`, as configurations of released models write it: pasted in, copied out.

use yansuan_math::MathError;
use yansuan_math::frequency_method::{FrequencyMethod, IndexRamp};
use yansuan_math::logit_factor::{LogitFactor, mscale};
use yansuan_math::rope_scaling::{Remark, RopeScaling, Scaling, export, export_listed};
use yansuan_math::trained_circles::TrainedCircles;

use super::state::{Form, Method, SHOWN, State, bits};
use crate::contract::control::excerpt;
use crate::contract::exchange::{Exchange, ExchangeFace, misread};
use crate::contract::text::{Text, Words};

/// The one format.
pub const EXCHANGES: &[Exchange<State>] = &[Exchange {
    face: ExchangeFace {
        key: "rope-scaling",
        name: Text::same("rope_scaling"),
        help: Text {
            zh: "“细看”的那种方法写成 transformers 的 rope_scaling；也可以粘贴别人的，或整个 config.json。",
            en: "The method of the closer look as the rope_scaling of transformers; paste another one, or a whole config.json.",
        },
    },
    read,
    write,
}];

fn read(state: &mut State, text: &str) -> Result<Vec<Words>, Words> {
    let RopeScaling { scaling, factor, attention_factor, train, base, d, remarks } =
        RopeScaling::parse(text).map_err(|error| wrong(&error))?;
    let mut said: Vec<Words> = remarks.iter().filter_map(remark).collect();
    state.train = train.unwrap_or(state.train);
    state.base = base.unwrap_or(state.base);
    state.d = d.unwrap_or(state.d);
    let mut stretched = true;
    let method = match scaling {
        Scaling::Listed(factors) => {
            state.d = 2 * factors.len();
            state.factors = factors.into();
            Method::Listed
        }
        Scaling::Method(FrequencyMethod::Pi) => Method::Pi,
        Scaling::Method(FrequencyMethod::DynamicNtk { factor, .. }) => {
            state.factor = factor;
            stretched = false;
            Method::Dynamic
        }
        Scaling::Method(method) if method == FrequencyMethod::LLAMA3 => Method::Llama3,
        Scaling::Method(FrequencyMethod::Yarn { alpha, tau }) => {
            (state.alpha, state.tau, state.form) = (alpha, tau, Form::Paper);
            Method::Yarn
        }
        Scaling::Method(FrequencyMethod::YarnCode(IndexRamp { fast, slow, truncate, clamp_to_pairs })) => {
            (state.alpha, state.tau) = (slow, fast);
            state.form = if clamp_to_pairs {
                Form::Port
            } else if truncate {
                Form::Code
            } else {
                Form::Exact
            };
            Method::Yarn
        }
        Scaling::Method(_) => {
            stretched = false;
            Method::None
        }
    };
    if stretched {
        state.scale = factor;
    }
    let is_near = |other: f64| (attention_factor - other).abs() < 1e-9;
    state.logits = if is_near(1.0) { LogitFactor::One } else { LogitFactor::Yarn };
    if !is_near(1.0) && !is_near(mscale(state.scale, 1.0)) {
        let given = crate::contract::number::short(attention_factor, 4);
        said.push(Words::new(
            format!("attention_factor 是 {given}，这里只会 0.1 ln s + 1；分数照后者算。"),
            format!("attention_factor is {given}; here it can only be 0.1 ln s + 1, and scores follow that."),
        ));
    }
    state.focus = method;
    if !state.has(method) {
        let others: Vec<Method> = state.chosen().take(SHOWN - 1).collect();
        state.methods = bits(&others) | method.bit();
    }
    Ok(said)
}

fn write(state: &State) -> Result<String, Words> {
    if !state.focus.is_frequency() {
        return Err(Words::new(
            "“细看”的方法改的是距离，不是频率，rope_scaling 写不出来。",
            "The method of the closer look changes distances, not frequencies; rope_scaling cannot say it.",
        ));
    }
    let attention = if state.logits == LogitFactor::Yarn { mscale(state.scale, 1.0) } else { 1.0 };
    let circles = TrainedCircles::new(state.d, state.base, state.train).map_err(|error| wrong(&error))?;
    let text = if state.focus == Method::Listed {
        let factors: Vec<f64> = (0..state.d / 2).map(|i| state.factors.get(i).copied().unwrap_or(1.0)).collect();
        export_listed(&factors, &circles, state.scale, attention)
    } else {
        export(state.frequencies(state.focus), &circles, state.scale, attention)
    };
    text.map_err(|error| wrong(&error))
}

fn remark(remark: &Remark) -> Option<Words> {
    Some(match remark {
        Remark::UnknownKey(key) => {
            let key = excerpt(key);
            Words::new(
                format!("这种 rope_scaling 用不到键“{key}”。"),
                format!("This kind of rope_scaling does not read the key “{key}”."),
            )
        }
        Remark::RepeatedKey(key) => {
            let key = excerpt(key);
            Words::new(
                format!("键“{key}”出现了两次，用的是第一个。"),
                format!("The key “{key}” stands twice; the first one counts."),
            )
        }
        Remark::Contradiction(one, other) => Words::new(
            format!("{one} 与 {other} 说法不一，用的是 {one}。"),
            format!("{one} and {other} say different things; {one} counts."),
        ),
        _ => return None,
    })
}

fn wrong(error: &MathError) -> Words {
    misread(error).unwrap_or_else(|| match error {
        MathError::UnknownScaling(kind) => {
            let kind = excerpt(kind);
            Words::new(
                format!("不认识类型“{kind}”；认识 default、linear、dynamic、yarn、llama3、longrope。"),
                format!("The type “{kind}” is not known; there are default, linear, dynamic, yarn, llama3 and longrope."),
            )
        }
        other => Words::new(format!("写不成 rope_scaling：{other}。"), format!("This is no rope_scaling: {other}.")),
    })
}
