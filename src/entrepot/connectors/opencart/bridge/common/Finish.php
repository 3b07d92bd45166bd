<?php
namespace OmsBridge;

/** Hands the response to the client before slow work begins. */
class Finish
{
    private static $level = 0;

    public static function response()
    {
        if (function_exists('fastcgi_finish_request')) {
            fastcgi_finish_request();
        } elseif (function_exists('litespeed_finish_request')) {
            litespeed_finish_request();
        } else {
            flush();
        }
    }

    /**
     * Starts holding back a storefront page, so that releasePage() can announce its length.
     *
     * Without FastCGI a browser waits until the script ends unless it knows how many bytes to expect.
     */
    public static function holdPage()
    {
        $immediate = function_exists('fastcgi_finish_request') || function_exists('litespeed_finish_request');
        if (self::$level === 0 && !$immediate && !headers_sent() && !ini_get('zlib.output_compression')) {
            ob_start();
            self::$level = ob_get_level();
        }
    }

    public static function releasePage()
    {
        if (self::$level > 0 && ob_get_level() === self::$level) {
            $below = self::$level > 1 ? ob_get_status(true) : array();
            $plain = true;
            foreach (array_slice($below, 0, self::$level - 1) as $buffer) {
                $plain = $plain && $buffer['name'] === 'default output handler' && $buffer['buffer_used'] === 0;
            }
            if ($plain && !headers_sent()) {
                header('Content-Length: ' . ob_get_length());
                header('Connection: close');
            }
            while (ob_get_level() > 0 && @ob_end_flush()) {
                continue;
            }
        }
        self::$level = 0;
        self::response();
    }
}
