<?php
require_once DIR_SYSTEM . 'library/oms_bridge/autoload.php';

/** The order model's events. */
class ControllerExtensionOmsBridgeEvent extends Controller
{
    public function orderAdded($route = '', $args = array(), $output = null)
    {
        $this->heard('orderAdded', $args, $output);
    }

    public function orderHistory($route = '', $args = array(), $output = null)
    {
        $this->heard('orderHistory', $args, $output);
    }

    public function orderDeleted($route = '', $args = array(), $output = null)
    {
        $this->heard('orderDeleted', $args, $output);
    }

    private function heard($what, $args, $output)
    {
        $events = new \OmsBridge\Events(new \OmsBridge\Bridge(new \OmsBridge\LineShop($this->registry)));
        $events->heard($what, $args, $output);
    }
}
