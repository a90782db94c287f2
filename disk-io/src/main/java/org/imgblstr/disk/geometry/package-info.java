/** Which bytes of which disk are track n. Pure values; does no I/O. Specification: docs/architecture.md, section 2. */
package org.imgblstr.disk.geometry;
