<?php
namespace OmsBridge;

/** What this copy of the bridge is. */
class Version
{
    const BRIDGE = '1.2.0';
    const PROTOCOL = 1;
    /** Raised when the bridge's own tables change; an older shop is brought up on its next request. */
    const TABLES = 1;
}
