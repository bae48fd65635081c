//! A canvas as a surface: plotters' own backend, and what it does not know (dashes, pictures).

use plotters::prelude::DrawingBackend;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::{Clamped, JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData};

use crate::plot::heat::Pixels;
use crate::plot::surface::Surface;

/// Device pixels a CSS pixel: plotters' coordinates are whole device pixels, so never fewer than two.
pub fn pixel_ratio() -> f64 {
    web_sys::window().map_or(2.0, |window| window.device_pixel_ratio()).clamp(2.0, 4.0)
}

/// A canvas that plotters draws on.
pub struct CanvasSurface {
    backend: CanvasBackend,
    context: CanvasRenderingContext2d,
}

impl CanvasSurface {
    /// Takes the canvas that an element is, see [`CanvasSurface::new`].
    pub fn of(element: &Element, size: (u32, u32)) -> Option<Self> {
        Self::new(element.dyn_ref()?, size)
    }

    /// Takes a canvas of this many device pixels; `None` if the browser gives no context (it may have lost it).
    pub fn new(canvas: &HtmlCanvasElement, (width, height): (u32, u32)) -> Option<Self> {
        if canvas.width() != width || canvas.height() != height {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
        context.set_line_join("round");
        let backend = CanvasBackend::with_canvas_object(canvas.clone())?;
        Some(Self { backend, context })
    }

    fn put(&mut self, pixels: &Pixels, (left, top, right, bottom): (i32, i32, i32, i32)) -> Result<(), JsValue> {
        let (columns, rows) = (pixels.columns as u32, pixels.rows as u32);
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels.rgba), columns, rows)?;
        let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
        let small = document.create_element("canvas")?.dyn_into::<HtmlCanvasElement>()?;
        small.set_width(columns);
        small.set_height(rows);
        let pen = small.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into::<CanvasRenderingContext2d>()?;
        pen.put_image_data(&image, 0.0, 0.0)?;
        self.context.set_image_smoothing_enabled(false);
        let (width, height) = (f64::from(right - left), f64::from(bottom - top));
        self.context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, f64::from(left), f64::from(top), width, height)
    }
}

impl Surface for CanvasSurface {
    fn dash(&mut self, pattern: &[f64]) -> bool {
        let lengths: js_sys::Array = pattern.iter().map(|length| JsValue::from_f64(*length)).collect();
        self.context.set_line_dash(&lengths).is_ok()
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
        self.context.canvas().map_or((0, 0), |canvas| (canvas.width(), canvas.height()))
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

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, position: BackendCoord) -> Outcome<Self::ErrorType> {
        self.backend.draw_text(text, style, position)
    }
}

/// A canvas of the page by its id.
pub fn by_id(id: &str) -> Option<HtmlCanvasElement> {
    web_sys::window()?.document()?.get_element_by_id(id)?.dyn_into().ok()
}
