/**
 * Repair of what the network lost: parity code, missing tracks, resend queue, track cache, pacing and rate. Opens no socket, starts
 * no thread, reads no clock. Specification: docs/protocol.md.
 */
package org.imgblstr.protocol.repair;
