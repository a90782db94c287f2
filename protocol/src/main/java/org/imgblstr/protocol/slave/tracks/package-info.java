/**
 * What a slave has: which tracks are where, what those that are done hold, what the disk has done, and what of it was there before. Knows
 * neither the states of the slave nor the network. Specification: docs/architecture.md, section 7.
 */
package org.imgblstr.protocol.slave.tracks;
