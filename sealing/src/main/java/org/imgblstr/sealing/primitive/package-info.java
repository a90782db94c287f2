/**
 * Primitives of cryptography, each in several forms with the same results: of OpenSSL's libcrypto where it is installed, else of Java. Bytes in,
 * bytes out: no network, no disk, no clock, and random bytes are handed in. Which primitives and why: docs/decisions/21-primitives.md.
 */
package org.imgblstr.sealing.primitive;
