import { gzipSync } from 'node:zlib'
import type { Compression } from '../../src/archive/decompress.ts'

/** What the constants below decompress to. */
export const CONTENT = Buffer.from(
  Array.from({ length: 40 }, (_, index) => `Package: p${index}\nVersion: ${index * 7}\n\n`).join(''),
)

type Form = Exclude<Compression, 'plain'>

/** CONTENT by xz -9e, zstd -19 and bzip2 -9, for which Node has no encoder. */
export const COMPRESSED: Readonly<Record<Form, Buffer>> = {
  gz: gzipSync(CONTENT),
  xz: Buffer.from(
    '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AQcALpdACgYSGbb2jCF/hbspnVsZpRhdWL0jicTg6dSNEx7XOM/IDVmpkjA0cxmm2EP' +
      'GwibkiVojXgMOzPL0Oyrga67PF/+tiBppuIKFvOxTK5CxChoZ2QmlQZDHNFeQxswbtfxRVeLRqdSK+9UE96dUaayHDbnUIQ8e4aH' +
      'mIp2vZKpJzhsBqQP9CCriR+gOAAWKsHCv1wwRE2C6IEmcBbK5j/oTRXA5+GLo3UM06POB9O9Co2oXloH/uuJk4QTAAAAAIlIc0fA' +
      'c5jUAAHWAZ0IAACeamt7scRn+wIAAAAABFla',
    'base64',
  ),
  zst: Buffer.from(
    'KLUv/QRoBQUAcssbFKCrAwRdbXUtVGEit5RSppS7RqsVAHB0/s7pibf5bmV7qvf+y/axRzX6kdOXTU60U8+GNadyr3dZbaxRFflv' +
      '9tzUxLq9Gqo1ZbX5VnIRW4SovzxLWeg6uyVX/aqxAIACYWGSxzkIADWBcCCFYhRDTqgR8MCv/xnw5RAeF3wJdq1r5+HuejApexzd' +
      'pA9kLo5cd69933sv5U19gQWyClmVMs4=',
    'base64',
  ),
  bz2: Buffer.from(
    'QlpoOTFBWSZTWR56mzAAAOLbgAAQQAB/8EEAKqnYADABBGBqmnqn+in+qQmQMTDVT/EFT9IgAAKlSZNqYmhg0I4tYqbhnnQYgAEg' +
      'QAA223dJYIcFTU5Y3uAEgQAA223kWA0SSwWhE81TRzaIBmWuJIaRIJBJIaRIaS23yaunYJBJIhIkNIkEayt7l2mQiLPBka1MCpYq' +
      'ErzVzStO0NttTF27hY8Yiqlwsypkq+2+xljhbSlKXWVEbCPoR+EVEbCOBG4jwI7EVEdCOhHsRkI7EfxdyRThQkB56mzA',
    'base64',
  ),
}

/** Nothing, compressed. */
export const COMPRESSED_EMPTY: Readonly<Record<Form, Buffer>> = {
  gz: gzipSync(''),
  xz: Buffer.from('/Td6WFoAAATm1rRGAAAAABzfRCEftvN9AQAAAAAEWVo=', 'base64'),
  zst: Buffer.from('KLUv/SQAAQAAmenYUQ==', 'base64'),
  bz2: Buffer.from('QlpoORdyRThQkAAAAAA=', 'base64'),
}

/** A mebibyte of zeros. */
export const BOMB: Readonly<Record<Form, Buffer>> = {
  gz: gzipSync(Buffer.alloc(1024 * 1024)),
  xz: Buffer.from(
    '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM7///ANldAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN' +
      '2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiU' +
      'cR89jyThcJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj92K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJY' +
      'vul2rFnk5VsFCPnH2q38+1Iq9+SVJQAAAAAAwva6PqJwa2AAAfUBgIBAAHmXf0exxGf7AgAAAAAEWVo=',
    'base64',
  ),
  zst: Buffer.from('KLUv/aQAABAATAAACAABAPz/ORACAgAQAAIAEAACABAAAgAQAAIAEAACABAAAwAQAPE+FuE=', 'base64'),
  bz2: Buffer.from('QlpoOTFBWSZTWThXHOUACAhAAMAEAAggADDMBSmmCAbEIB4u5IpwoSBwrjnK', 'base64'),
}

export const FORMS: readonly Form[] = ['gz', 'xz', 'zst', 'bz2']
