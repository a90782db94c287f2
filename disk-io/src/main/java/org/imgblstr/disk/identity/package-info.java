/**
 * Identifiers as bytes and as text: where volumes keep theirs, how new ones are drawn, how references to old ones are rewritten. Pure: no I/O, no
 * disk. Source: docs/identity.md, sections 2 and 3.
 */
package org.imgblstr.disk.identity;
