//! x
use std::time::Instant;
use std::hint::black_box;
fn main(){
 let n=1_000_000; let mut r=yansuan_math::rng::SplitMix64::new(1);
 let x:Vec<f64>=(0..n).map(|_|r.normal()).collect(); let mut out=vec![0.0;n];
 let mut t=|name:&str,f:&mut dyn FnMut()|{ let mut v:Vec<f64>=(0..41).map(|_|{let b=Instant::now();f();b.elapsed().as_secs_f64()*1e3}).collect(); v.sort_by(f64::total_cmp); println!("{name} {:.3}",v[20]);};
 t("exp_lanes prealloc",&mut||{black_box(yansuan_math::exp::exp_lanes(black_box(&x),5.0,1.0,black_box(&mut out)));});
 t("scale",&mut||{yansuan_math::exp::scale_in_place(black_box(&mut out),1.0000001);});
 t("sum",&mut||{black_box(yansuan_math::exp::sum(black_box(&x)));});
 t("scan",&mut||{black_box(yansuan_math::logits::scan(black_box(&x)).unwrap());});
 t("alloc zero+touch",&mut||{let mut v=vec![0.0f64;n]; for i in (0..n).step_by(512){v[i]=1.0;} black_box(&v);});
 t("std exp",&mut||{for (o,&v) in out.iter_mut().zip(&x){*o=(v-5.0).exp();} black_box(&out);});
}
