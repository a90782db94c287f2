/**
 * The image file: header, records, index, digests; writing it in one pass, reading it in order or track by track. Knows no network and no
 * disk; encoded tracks are bytes that it stores and checks. Specification: docs/image-format.md.
 */
package org.imgblstr.disk.image;
