/**
 * One engine, its event loop and its disk threads put together: {@code MasterSession} and {@code SlaveSession}, which
 * the two programs run. Knows no command line. Specification: docs/architecture.md, sections 5 and 6.
 */
package org.imgblstr.protocol.session;
