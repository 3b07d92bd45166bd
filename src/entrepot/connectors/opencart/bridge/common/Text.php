<?php
namespace OmsBridge;

/** Text between Entrepot (plain) and the shop (HTML-escaped, as OpenCart stores every form field). */
class Text
{
    public static function stored($plain)
    {
        return htmlspecialchars(trim((string)$plain), ENT_COMPAT, 'UTF-8');
    }

    /** The same text without bytes that are no UTF-8. */
    public static function valid($text)
    {
        if (preg_match('//u', $text)) {
            return $text;
        }
        if (function_exists('mb_convert_encoding')) {
            return mb_convert_encoding($text, 'UTF-8', 'UTF-8');
        }
        return preg_replace('/[^\x00-\x7F]/', '?', $text);
    }

    public static function length($text)
    {
        return preg_match_all('/./us', $text, $unused);
    }

    public static function hasEmoji($text)
    {
        return (bool)preg_match('/[\xF0-\xF4]/', $text);
    }
}
