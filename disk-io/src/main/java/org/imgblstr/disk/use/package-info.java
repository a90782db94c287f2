/**
 * Which bytes of a disk are used: partition table, file systems and signatures put together, and the list of file systems that this program
 * reads. Never a wrong skip. Specification: docs/used-blocks.md.
 */
package org.imgblstr.disk.use;
