/**
 * One pass over a disk or an image: a source gives its tracks in order to sinks, each of which may hold it back. Knows no command line and no
 * network. Specification: docs/architecture.md, section 5.
 */
package org.imgblstr.disk.pass;
