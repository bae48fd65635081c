//! A canvas as a surface: plotters' own backend, and what it does not know (dashes, pictures).

use std::cell::RefCell;

use js_sys::Uint8ClampedArray;
use plotters::prelude::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontTransform};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData};

use crate::plot::heat::Pixels;
use crate::plot::surface::Surface;
use crate::plot::theme::{Stroke, css};

thread_local! {
    /// Where a picture is put before it is enlarged: the last one, for a new canvas each time would cost more than its picture.
    static SMALL: RefCell<Option<Small>> = const { RefCell::new(None) };
}

/// Device pixels a CSS pixel: plotters' coordinates are whole device pixels, so never fewer than two.
pub fn pixel_ratio() -> f64 {
    web_sys::window().map_or(2.0, |window| window.device_pixel_ratio()).clamp(2.0, 4.0)
}

/// A canvas of the size of a picture, and the bytes of its pixels.
struct Small {
    size: (u32, u32),
    canvas: HtmlCanvasElement,
    pen: CanvasRenderingContext2d,
    image: ImageData,
    bytes: Uint8ClampedArray,
}

impl Small {
    fn new((columns, rows): (u32, u32)) -> Result<Self, JsValue> {
        let canvas = new_canvas((columns, rows))?;
        let pen = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into::<CanvasRenderingContext2d>()?;
        let image = ImageData::new_with_sw(columns, rows)?;
        // web-sys hands out a copy of the bytes; these are the bytes themselves.
        let bytes = js_sys::Reflect::get(&image, &"data".into())?.dyn_into()?;
        Ok(Self { size: (columns, rows), canvas, pen, image, bytes })
    }
}

/// A canvas that is not on the page.
fn new_canvas(size: (u32, u32)) -> Result<HtmlCanvasElement, JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let canvas = document.create_element("canvas")?.dyn_into::<HtmlCanvasElement>()?;
    resize(&canvas, size);
    Ok(canvas)
}

/// Makes a canvas so many pixels large; that wipes it, so one that is so already is left alone. Tells whether it was done.
fn resize(canvas: &HtmlCanvasElement, (width, height): (u32, u32)) -> bool {
    let is_other = canvas.width() != width || canvas.height() != height;
    if is_other {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    is_other
}

/// A canvas of the browser.
pub type Canvas = HtmlCanvasElement;

/// A canvas that plotters draws on. It is kept from picture to picture: see `font`.
pub struct CanvasSurface {
    backend: CanvasBackend,
    context: CanvasRenderingContext2d,
    canvas: HtmlCanvasElement,
    /// The font that is set. To set one, even the same, makes the browser bring the styles of the page up to date, which after every
    /// change of a readout are not: a fifth of the time from input to picture, by `cargo xtask bench`.
    font: String,
}

impl CanvasSurface {
    /// Takes the canvas that an element is; `None` if the browser gives no context (it may have lost it).
    pub fn of(element: &Element) -> Option<Self> {
        let canvas = element.dyn_ref::<HtmlCanvasElement>()?.clone();
        let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let backend = CanvasBackend::with_canvas_object(canvas.clone())?;
        context.set_line_join("round");
        Some(Self { backend, context, canvas, font: String::new() })
    }

    /// A canvas that is not on the page, so many device pixels large.
    pub fn sheet(size: (u32, u32)) -> Option<(Canvas, Self)> {
        let canvas = new_canvas(size).ok()?;
        let surface = Self::of(&canvas)?;
        Some((canvas, surface))
    }

    /// Makes the canvas so many device pixels large.
    pub fn resize(&mut self, size: (u32, u32)) {
        if resize(&self.canvas, size) {
            // That took everything back that was set.
            self.context.set_line_join("round");
            self.font.clear();
        }
    }

    fn put(&mut self, pixels: &Pixels, (left, top, right, bottom): (i32, i32, i32, i32)) -> Result<(), JsValue> {
        let size = (pixels.columns as u32, pixels.rows as u32);
        let small = match SMALL.take().filter(|small| small.size == size) {
            Some(small) => small,
            None => Small::new(size)?,
        };
        small.bytes.copy_from(&pixels.rgba);
        small.pen.put_image_data(&small.image, 0.0, 0.0)?;
        self.context.set_image_smoothing_enabled(false);
        let (width, height) = (f64::from(right - left), f64::from(bottom - top));
        let (left, top) = (f64::from(left), f64::from(top));
        self.context.draw_image_with_html_canvas_element_and_dw_and_dh(&small.canvas, left, top, width, height)?;
        SMALL.set(Some(small));
        Ok(())
    }
}

impl Surface for CanvasSurface {
    fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke, pattern: &[f64]) -> bool {
        let pen = &self.context;
        pen.set_stroke_style_str(&css(stroke.colour));
        pen.set_line_width(stroke.width);
        let dash = |pattern: &[f64]| {
            let lengths: js_sys::Array = pattern.iter().map(|length| JsValue::from_f64(*length)).collect();
            pen.set_line_dash(&lengths).is_ok()
        };
        if !pattern.is_empty() && !dash(pattern) {
            return false;
        }
        // A line along an axis that lies between pixels would be a blur.
        let snap = match points {
            [from, to] if (from.0 - to.0).abs() < 0.01 || (from.1 - to.1).abs() < 0.01 => {
                let middle = if stroke.width.round() % 2.0 > 0.5 { 0.5 } else { 0.0 };
                pen.set_line_width(stroke.width.round());
                Some(middle)
            }
            _ => None,
        };
        let place = |at: f64| snap.map_or(at, |middle| at.round() + middle);
        pen.begin_path();
        for (x, y) in points {
            pen.line_to(place(*x), place(*y));
        }
        pen.stroke();
        pattern.is_empty() || dash(&[])
    }

    fn picture(&mut self, pixels: &Pixels, edges: (i32, i32, i32, i32)) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        // A picture that the browser refuses leaves its ground empty; the axes and the table still tell the values.
        let _refused = self.put(pixels, edges);
        Ok(())
    }
}

type Outcome<E> = Result<(), DrawingErrorKind<E>>;

impl DrawingBackend for CanvasSurface {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        (self.canvas.width(), self.canvas.height())
    }

    fn ensure_prepared(&mut self) -> Outcome<Self::ErrorType> {
        self.backend.ensure_prepared()
    }

    fn present(&mut self) -> Outcome<Self::ErrorType> {
        self.backend.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Outcome<Self::ErrorType> {
        self.backend.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Outcome<Self::ErrorType> {
        self.backend.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Outcome<Self::ErrorType> {
        self.backend.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome<Self::ErrorType> {
        self.backend.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Outcome<Self::ErrorType> {
        self.backend.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome<Self::ErrorType> {
        self.backend.fill_polygon(path, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Outcome<Self::ErrorType> {
        if !matches!(style.transform(), FontTransform::None) {
            self.font.clear();
            return self.backend.draw_text(text, style, (x, y));
        }
        let font = format!("{} {}px {}", style.style().as_str(), style.size(), style.family().as_str());
        if self.font != font {
            self.context.set_font(&font);
            self.font = font;
        }
        let BackendColor { rgb, .. } = style.color();
        self.context.set_fill_style_str(&css(rgb));
        self.context.set_text_align(match style.anchor().h_pos {
            HPos::Left => "left",
            HPos::Center => "center",
            HPos::Right => "right",
        });
        self.context.set_text_baseline(match style.anchor().v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        // A letter that the browser refuses leaves a gap; the table still tells it.
        let _refused = self.context.fill_text(text, f64::from(x), f64::from(y));
        Ok(())
    }
}
