/**
 * The master's engine: who has joined, what is sent next, what is repaired, when it is over. States of FIG. 3 of US 6,144,992. Does no
 * I/O and reads no clock. Specification: docs/protocol.md.
 */
package org.imgblstr.protocol.master;
