/**
 * The values that the wire, both engines and whoever runs a session agree on: what is transferred, how a slave ended, who cannot take part,
 * what becomes of a slave that is too slow. Holds no behaviour beyond its fields; knows no wire, engine or session. Specification:
 * docs/architecture.md, section 1.
 */
package org.imgblstr.protocol.contract;
