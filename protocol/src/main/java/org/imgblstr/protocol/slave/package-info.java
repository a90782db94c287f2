/**
 * The slave's engine: hooks up with a master, collects tracks, asks for what it lacks, says when all is on its disk. States of FIG. 4 of
 * US 6,144,992. Does no I/O and reads no clock. Specification: docs/protocol.md.
 */
package org.imgblstr.protocol.slave;
