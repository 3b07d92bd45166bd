<?php
namespace OmsBridge;

class Json
{
    /** Always answers JSON: bytes that are no UTF-8 (old imports leave them behind) become "?" instead of an error. */
    public static function encode($value)
    {
        $flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES;
        $json = json_encode($value, $flags);
        if ($json === false) {
            $json = json_encode(self::cleaned($value), $flags);
        }
        return $json === false ? 'null' : $json;
    }

    /** An object in JSON even when it is empty. */
    public static function object($values)
    {
        return (object)$values;
    }

    private static function cleaned($value)
    {
        if (is_string($value)) {
            return Text::valid($value);
        }
        if (is_array($value) || is_object($value)) {
            $list = array();
            foreach ((array)$value as $key => $item) {
                $list[is_string($key) ? Text::valid($key) : $key] = self::cleaned($item);
            }
            return is_object($value) ? (object)$list : $list;
        }
        return $value;
    }
}
