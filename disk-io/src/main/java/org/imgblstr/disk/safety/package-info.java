/**
 * What must not be read or written: targets that something uses, sources that change meanwhile. Decides before the first write and writes nothing.
 * Specification: docs/targets.md.
 */
package org.imgblstr.disk.safety;
