//! A picture: grey values, row by row.

use std::io::{Result, Write};

/// Width of every picture in pixels: what the till's page gives to the decoder.
pub const WIDTH: usize = 640;
/// Height of every picture in pixels.
pub const HEIGHT: usize = 480;

/// Grey values, `0` black to `255` white.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraPicture {
    /// `WIDTH` times `HEIGHT` values, row by row.
    pub grey: Vec<u8>,
}

impl CameraPicture {
    /// The same as a browser's canvas gives it: red, green, blue and opacity of each pixel.
    pub fn to_rgba(&self) -> Vec<u8> {
        self.grey
            .iter()
            .flat_map(|grey| [*grey, *grey, *grey, 255])
            .collect()
    }

    /// Writes the picture as a portable grey map, which most programs show.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write_pgm(&self, to: &mut impl Write) -> Result<()> {
        writeln!(to, "P5 {WIDTH} {HEIGHT} 255")?;
        to.write_all(&self.grey)
    }
}

/// Writes pictures as a raw film, which a browser takes for a camera. It shows them at `rate` a second, again and again.
///
/// # Errors
/// Where it cannot be written.
pub fn write_y4m(pictures: &[CameraPicture], rate: u32, to: &mut impl Write) -> Result<()> {
    writeln!(to, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F{rate}:1 Ip A1:1 C420")?;
    let colourless = vec![128; WIDTH * HEIGHT / 2];
    for picture in pictures {
        to.write_all(b"FRAME\n")?;
        to.write_all(&picture.grey)?;
        to.write_all(&colourless)?;
    }
    Ok(())
}
