<?php
/**
 * Loads the bridge's classes by name, the same way under OpenCart 3 and 4.
 *
 * The shops' own loaders lower-case or split names in ways that differ between lines; ours does not depend on them.
 */
spl_autoload_register(function ($class) {
    if (strpos($class, 'OmsBridge\\') === 0) {
        $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, 10)) . '.php';
        if (is_file($file)) {
            require_once $file;
        }
    }
});
