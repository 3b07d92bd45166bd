<?php
namespace OmsBridge;

/** Who causes the shop's events right now: the shop itself, or a write of the protocol. */
class Origin
{
    private static $name = 'shop';

    public static function name()
    {
        return self::$name;
    }

    public static function during($work)
    {
        self::$name = 'oms';
        try {
            $result = $work();
        } catch (\Exception $error) {
            self::$name = 'shop';
            throw $error;
        } catch (\Throwable $error) {
            self::$name = 'shop';
            throw $error;
        }
        self::$name = 'shop';
        return $result;
    }
}
